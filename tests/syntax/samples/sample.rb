# frozen_string_literal: true

require "json"
require_relative "shapes/base"
autoload :Late, "late"

# How many é fit.
LIMIT = 3

module Shapes
  # Holds ünïcode items.
  #
  # More of it.
  class Stack < Base::Root
    include Enumerable
    extend Deep::Helpers
    prepend Logged

    attr_reader :size, :store
    attr_accessor :label

    KINDS = %w[a b].freeze

    # Begins empty.
    def initialize(store, limit = 3, *rest, name:, label: "é", **options, &block)
      # The store comes first.
      @store = Store.new(store)
      @items = []
      self.label = label
      super()
    end

    def push(item)
      handle = Files::Handle.new(item)
      first, second = handle.split
      @items.each do |each, index|
        each.value.touch(index)
      end
      @store&.files.add(item)
      check! unless item.empty?
      items.map { |x| x.size }
      puts "ö #{handle.name}", LIMIT, Shapes::Point
      begin
        risky
      rescue StackFull, IOError => error
        raise Wrapped, error.message
      end
      for each in [1, 2] do work(each) end
    end

    def self.make(*) = new(*)

    def ==(other) = other.size == size
    def empty? = @items.empty?

    class << self
      def build
        new(nil)
      end
    end

    alias_method :add, :push
    alias << push

    private

    def hidden; end
  end

  Point = Struct.new(:x, :y) do
    def width = x
  end
end

class Shapes::Wide < Shapes::Stack
end

double = ->(x) { x * 2 }

class StackTest < Minitest::Test
  def test_pushes
    assert_equal 1, 1
  end

  test "holds ünïcode" do
    assert true
  end
end

RSpec.describe Shapes::Stack do
  let(:stack) { described_class.new(nil) }

  describe "#push" do
    context "when full" do
      it "raises é" do
        expect(stack.size).to eq(1)
      end
    end
  end
end
