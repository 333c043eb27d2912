package org.example.shapes

import java.util.UUID
import kotlin.math.*
import org.example.store.Store as Shelf

/** How many é fit. */
const val LIMIT = 3
private val shelf: Shelf by lazy { Shelf() }

typealias Names = List<String>

/**
 * Holds ünïcode items.
 */
@Serializable
open class Stack<T : Item>(private val store: Store, size: Int = 1) : Base<T>(size), Sized, util.Closer by store {
    /** Counts. */
    var size: Int = 0
        private set
    private val items = mutableListOf<T>()
    val isEmpty: Boolean
        get() = items.isEmpty()

    init {
        check(size)
    }

    // Not documentation.
    constructor(name: String) : this(Store(name))

    /** Puts one on. */
    @Deprecated("ö")
    override suspend fun <R : Item> push(item: T, vararg rest: R): List<R>? {
        // The store goes first.
        val handle = Handle(item)
        val copy: Copy<T> = Copy(item)
        val (first, second) = handle.split()
        for (each in this.items) {
            each.value().touch()
        }
        try {
            copy.fill(handle?.reader)
        } catch (error: StackFull) {
            log.warn("$error ${error.message}")
        }
        when (copy) {
            is Special -> copy.mark()
            else -> work(max(1, LIMIT))
        }
        items.forEach { x -> x.size }
        val action = { y: Item -> y.touch() }
        return Outer.Maker.make<R>(copy as Item, Marker::class, first!!.name)
    }

    fun width() = 1

    inner class Inner {
        val depth = 1
    }

    companion object {
        const val KIND = "stack"
        fun make() = Stack(Store("é"))
    }
}

interface Look : Sized {
    val colour: String
    fun paint(brush: Brush)
}

data class Point(val x: Int, val y: Length)

sealed interface State

enum class Mode(val code: Int) : Look {
    READ(1),
    WRITE(2) {
        override fun paint(brush: Brush) {}
    };

    fun label() = name
}

object Registry : Look {
    val entries = HashMap<String, Item>()
}

annotation class Marker

fun interface Handler {
    fun handle(name: String): Int
}

/** Makes it loud. */
fun String.shout(): String = uppercase()

fun <T> Stack<T>.second(): T = items[1]

val Stack<*>.width: Int get() = 1

class StackTest {
    @Test
    fun `pushes ünïcode items`() {
        assertEquals(1, Stack<Item>(Store("a")).size)
    }
}
