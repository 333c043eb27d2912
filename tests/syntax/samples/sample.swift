import Foundation
@testable import Shapes
import struct Store.Handle

/// How many é fit.
let limit = 3
var shelf: Store = Store()

typealias Names = [String]

/// Holds ünïcode items.
@MainActor
public final class Stack<T: Item>: Base<T>, Sized, Deep.Closer {
    /// Counts.
    public private(set) var size: Int = 0
    private let items = Items<T>()
    @Published var label: String?
    var isEmpty: Bool {
        return items.isEmpty
    }
    static let kind = "stack"

    // Not documentation.
    init(store: Store, sizes: Int...) {
        self.store = store
        super.init()
    }

    deinit {
        close()
    }

    /// Puts one on.
    @discardableResult
    func push<R: Item>(_ item: T, into shelf: Shelf = .main) async throws -> [R]? {
        // The store goes first.
        let handle = Handle(item)
        let twin: Copy<T> = handle.twin()
        for entry in self.items.values {
            let value = entry.value()
            value.touch()
        }
        guard let found = try? await store.files.find(item) else { return nil }
        do {
            try twin.fill(found)
        } catch let error as StackFull {
            log.warn("ö \(error.message)")
        }
        if let special = twin as? Special { special.mark() }
        items.forEach { x in x.touch() }
        let action = { (y: Item) -> Int in y.size }
        switch twin {
        case .some(let inner): inner.close()
        default: break
        }
        return Outer.Maker.make(twin, limit)
    }

    subscript(index: Int) -> T { items[index] }

    class Inner {
        var depth = 1
    }
}

/// How things look.
protocol Look: Sized, AnyObject {
    associatedtype Output
    var colour: String { get }
    func paint(brush: Brush)
    init(name: String)
}

struct Point: Equatable {
    var x: Int
    var y: Length
}

enum Mode: String, Look {
    case read, write
    case both(Handle)

    func width() -> Int { 1 }
}

indirect enum Tree {
    case leaf
}

actor Worker {
    func run() {}
}

/// More of it.
extension Stack: Painted where T: Look {
    func paint(brush: Brush) {}
    var width: Int { 1 }
}

extension Deep.Outer {
    func leap() {}
}

func apply(_ action: @escaping (Int) -> Int, names: Names) -> some View {
    func nested() {}
    nested()
    return Text("é")
}

infix operator <>

final class StackTests: XCTestCase {
    func testPushes() {
        XCTAssertEqual(Stack<Item>().size, 1)
    }

    @Test("holds é") func holds() {}
}
