package org.example.shapes;

import java.util.List;
import java.util.function.*;
import static java.lang.Math.max;
import static org.junit.jupiter.api.Assertions.*;

/** Holds ünïcode shapes. */
@Entity(name = "é")
public class Stack<T extends Item> extends Base<T> implements Sized, Iterable<T>, util.Closer {
    /** How many it may hold. */
    public static final int LIMIT = 3, LEAST = 1;
    private final Map<String, T> items = new HashMap<>();
    private Store store;

    // Not documentation.
    public Stack(Store store, int... sizes) {
        super(sizes);
        this.store = store;
    }

    /**
     * Puts one on.
     *
     * @param item what to put
     */
    @Override
    @Deprecated(since = "2")
    public <R extends Item> List<R> push(final T item) throws StackFull {
        // The store goes first.
        Handle handle = store.open(item);
        var copy = new Copy<T>(item);
        for (Entry each : this.items.values()) {
            each.value().touch();
        }
        try (Reader reader = handle.reader()) {
            copy.fill(reader);
        } catch (IOException | StackFull error) {
            log.warn("ö", error);
        }
        if (copy instanceof Special special) {
            special.mark();
        }
        Function<T, Integer> size = each -> each.size();
        Supplier<Stack> make = Stack::new;
        int[] counts = new int[max(1, LIMIT)];
        return outer.Maker.make((Item) copy);
    }

    protected abstract void paint(Brush brush);

    static class Inner {
        Runnable task = new Runnable() {
            @Override
            public void run() {
                work();
            }
        };
    }
}

public sealed interface Look permits Plain {
    String COLOUR = "red";

    void paint(Brush brush);

    default int width() {
        return 1;
    }
}

interface Wide extends Look, Comparable<Wide> {}

enum Mode implements Look {
    READ,
    WRITE(2) {
        @Override
        int code() {
            return 2;
        }
    };

    private final int code;
}

record Point(int x, Length y) implements Look {
    Point {
        check(x);
    }
}

@interface Marker {
    String value() default "";
}

class StackTest {
    @Test
    void pushesÜmlauts() {
        assertEquals(1, new Stack<>(null).size());
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(ints = {1, 2})
    void holdsMany(int count) {}
}
