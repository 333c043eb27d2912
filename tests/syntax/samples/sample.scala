package org.example.shapes

import java.util.UUID
import scala.collection.mutable
import org.example.store.{Store => Shelf, Handle, given}
import scala.math._
import org.example.files.*
import org.example.files as fs

/** How many é fit. */
val Limit = 3
type Names = List[String]

/**
 * Holds ünïcode items.
 */
@deprecated("ö")
abstract class Stack[T <: Item](private val store: Store, size: Int = 1)
    extends Base[T](size) with Sized with util.Closer {

  /** Counts. */
  var size: Int = 0
  private lazy val items = new Items[T]()
  val (first, second) = split()

  // Not documentation.
  def this(name: String) = this(new Store(name))

  /** Puts one on. */
  @tailrec
  override def push[R <: Item](item: T, rest: R*)(implicit ctx: Context): Option[List[R]] = {
    // The store goes first.
    val handle = Handle(item)
    val copy: Copy[T] = new Copy(item)
    for (each <- this.items; name = each.name) {
      each.value().touch(name)
    }
    try copy.fill(handle.reader)
    catch { case error: StackFull => log.warn(s"$error ${error.message}") }
    copy match {
      case special: Special => special.mark()
      case Some(inner) => inner.close()
    }
    items.foreach(x => x.touch())
    def nested(y: Int) = max(y, Limit)
    Outer.Maker.make[R](copy, fs.open)
  }

  def paint(brush: Brush): Unit

  class Inner {
    val depth = 1
  }
}

object Stack {
  val Kind = "stack"
  def apply(): Stack[Item] = new Stack[Item](null) with Painted
}

/** How things look. */
trait Look extends Sized {
  type Output
  val colour: String
  def width: Int = 1
}

case class Point(x: Int, y: Length)

case object Origin extends Look

enum Mode extends Look {
  case Read
  case Write(code: Int)
}

given ordering: Ordering[Point] = Ordering.by(_.x)

extension (text: String) {
  def shout: String = text.toUpperCase
}

class StackTest extends AnyFunSuite {
  test("pushes ünïcode") {
    assert(new Stack().size == 1)
  }

  @Test
  def holdsMany(): Unit = {}
}

class StackSpec extends AnyFlatSpec {
  describe("a stack") {
    it("pops é") {
      assert(true)
    }
  }

  "A stack" should "hold é" in {
    assert(true)
  }
}
