//! A stack; ünïcode so that offsets differ from bytes.
const std = @import("std");
const shapes = @import("shapes.zig");
const Allocator = std.mem.Allocator;

/// How many fit.
pub const limit: usize = 3;
var count: u32 = 0;

/// A stack of numbers.
pub const Stack = struct {
    items: []u8,
    size: usize = 0,

    const Self = @This();

    /// Makes one.
    pub fn init(allocator: Allocator) !Stack {
        const items = try allocator.alloc(u8, limit);
        return Stack{ .items = items };
    }

    fn push(self: *Self, item: u8) void {
        self.items[self.size] = item;
        for (self.items, 0..) |each, index| {
            helper(each, index);
        }
        if (shapes.find(item)) |found| {
            _ = found;
        }
    }
};

const Colour = enum { red, green };

const Shape = union(enum) {
    circle: f32,
    square: Stack,
};

const Failure = error{ Empty, Full };

extern fn outside(number: c_int) c_int;

fn helper(value: u8, index: usize) void {
    std.debug.print("größe {d} {d}\n", .{ value, index });
}

fn List(comptime T: type) type {
    return struct {
        head: ?*T,
        pub fn first(self: @This()) ?*T {
            return self.head;
        }
    };
}

test "a stack takes one" {
    var stack = try Stack.init(std.testing.allocator);
    stack.push(1);
}

test helper {
    helper(1, 2);
}
