using System;
using System.Collections.Generic;
using static System.Math;
using Shelf = Example.Store;
global using Xunit;

namespace Example.Shapes
{
    /// <summary>Holds ünïcode items.</summary>
    [Serializable]
    public class Stack<T> : Base<T>, ISized, Other.IClosed where T : Item
    {
        /// <summary>How many é fit.</summary>
        public const int Limit = 3, Least = 1;
        private readonly Dictionary<string, T> items = new();
        private Store store;

        public event EventHandler Changed;

        /** Counts. */
        public int Size { get; private set; }
        public Store Shelf => this.store;

        // Not documentation.
        public Stack(Store store, params int[] sizes) : base(sizes)
        {
            this.store = store;
        }

        ~Stack() {}

        /// <summary>Puts one on.</summary>
        /// <param name="item">What to put.</param>
        [Obsolete("ö")]
        public async Task<List<R>> Push<R>(T item, int count = 1) where R : Item
        {
            // The store goes first.
            Handle handle = store.Open(item);
            var copy = new Copy<T>(item);
            foreach (Entry each in this.items.Values)
            {
                each.Value().Touch();
            }
            using var reader = handle.Reader();
            try { copy.Fill(reader); }
            catch (IOException error) { Log.Warn(error?.Message.Trim()); }
            if (copy is Special special) { special.Mark(); }
            Func<T, int> size = each => each.Size;
            int Local(Brush brush) => Max(1, Limit);
            return await Outer.Maker.Make<R>((Item)copy, typeof(Marker));
        }

        public T this[int index] => items[index];

        public static Stack<T> operator +(Stack<T> left, Stack<T> right) => left;

        private class Inner
        {
            public int Depth;
        }
    }

    public interface ILook : ISized
    {
        string Colour { get; }
        void Paint(Brush brush);
    }

    public struct Point
    {
        public int X;
    }

    public record Person(string Name, Address Home) : Entity;

    public enum Mode { Read, Write = 2 }

    public delegate int Handler(string name);

    public static class Extensions
    {
        public static int Width(this ILook look) => 1;
    }

    public class StackTests
    {
        [Fact]
        public void PushesÜmlauts() => Assert.Equal(1, new Stack<Item>(null).Size);

        [Theory]
        [InlineData(1)]
        public void HoldsMany(int count) {}
    }
}
