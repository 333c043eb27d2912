/// Shapes with ünïcode names.
#include <vector>
#include "shapes/stack.hpp"

using namespace std;
using shapes::Store;
namespace fs = std::filesystem;

#define LIMIT 3
#define SQUARE(x) ((x) * (x))

namespace shapes::deep {

/// How many é fit.
constexpr int limit = 3;

using Names = std::vector<std::string>;
typedef unsigned long Size;

enum class Mode : int { Read, Write = 2 };

/// A point.
struct Point {
    int x = 0;
    Length y;
};

/**
 * Holds items.
 */
template <typename T>
class Stack final : public Base<T>, private virtual other::Sized, Plain {
public:
    /// Makes one.
    explicit Stack(int size) : size_(size), store_{size} {}
    ~Stack();
    Stack(const Stack&) = delete;

    virtual void push(const T& item) const override;
    [[nodiscard]] T pop() {
        // The last one goes first.
        return items_.back();
    }
    bool operator==(const Stack& other) const;
    static Store* make(Handle* handle, const Names& names = Names());

    struct Inner {
        int depth;
    };

private:
    std::vector<T> items_;
    int size_ = 0;
    Store *store_, &other_;
};

template <typename T>
void Stack<T>::push(const T& item) const {
    this->items_.push_back(item);
}

union Bits {
    int whole;
};

template <typename T>
concept Painted = requires(T t) { t.paint(); };

}  // namespace shapes::deep

namespace {
int hidden = 1;
}

shapes::Store shelf;

int Store::open(const std::string& path, Mode mode) {
    Handle handle{path};
    auto other = new shapes::Reader(path);
    auto made = std::make_unique<Writer>(path);
    Point first, *second = nullptr;
    for (const auto& each : handle.files()) {
        each.touch(SQUARE(2));
    }
    auto action = [&](Item item) { return item.size(); };
    try {
        other->inner->close();
    } catch (const Failure& error) {
        throw Wrapped(error.what());
    }
    Mode chosen = Mode::Read;
    return static_cast<int>(::run(chosen));
}

void Outer::Inner::leap() {}

int apply(int (*action)(int), Size count) noexcept;

template <>
struct Hash<Point> {
    int operator()(const Point& point) const { return point.x; }
};

TEST(StackTest, PushesÜmlauts) {
    EXPECT_EQ(1, shelf.size());
}

TEST_F(StackTest, popsé) {
    REQUIRE(pop());
}
