# A stack; ünïcode so that offsets differ from bytes.
module Möbel

using LinearAlgebra
using Base: show, print
import JSON
import Statistics.mean as average
include("shapes.jl")

export push, Stack

const LIMIT = 3
total = 0

abstract type Shape end
primitive type Tiny 8 end

"""
    Stack(items)

Holds things.
"""
mutable struct Stack{T} <: Shape
    items::Vector{T}
    size::Int
    Stack{T}(items) where {T} = new(items, 0)
end

struct Point
    x
    y::Float64
end

"Puts one on top."
function push(stack::Stack{T}, item; limit::Int = LIMIT) where {T}
    size = length(stack.items) + 1
    for index in 1:size
        println("größe $index")
    end
    return map(x -> x * 2, stack.items)
end

area(shape::Shape)::Float64 = helper(shape) * π

Base.show(io::IO, stack::Stack) = print(io, stack.size)

function Base.length(stack::Stack)
    stack.size
end

function outside end

macro twice(body)
    quote
        $(esc(body))
        $(esc(body))
    end
end

@twice push(Stack{Int}([1]), 2)
double = x -> 2x

end

using Test
@testset "a stack" begin
    @test Möbel.area(1) == 1
end
