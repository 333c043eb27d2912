<?php

declare(strict_types=1);

namespace Example\Shapes;

use Example\Store;
use Example\Files\{Handle, Reader as FileReader};
use Example\Base as Root, Countable;
use function Example\open_file;
use const Example\DEPTH;

require_once __DIR__ . '/setup.php';
include 'late.php';

/** How many é fit. */
const LIMIT = 3;
define('LEAST', 1);

/**
 * Holds ünïcode items.
 */
#[Entity(name: 'é')]
abstract class Stack extends Root implements Countable, Deep\Sized
{
    use Logged, Deep\Cached;

    /** Kinds. */
    public const KIND = 'stack';
    private ?Store $store = null;
    protected array $items = [], $rest;

    // Not documentation.
    public function __construct(private Handle $handle, int ...$sizes)
    {
        parent::__construct($sizes);
        $this->store = new Store($handle);
    }

    /**
     * Puts one on.
     */
    #[Deprecated]
    public function push(Item $item, int|string $count = 1): ?self
    {
        // The store goes first.
        $copy = new Copy($item);
        foreach ($this->items as $key => $each) {
            $each->value()->touch($key);
        }
        try {
            $copy?->fill($this->store->files);
        } catch (StackFull | \IOError $error) {
            throw new Wrapped($error->getMessage());
        }
        if ($copy instanceof Special) {
            Marker::mark(self::KIND, static::$count);
        }
        $size = fn (Item $x) => $x->size();
        $action = function (int $y) use ($copy) {
            return open_file($y);
        };
        return Deep\Maker::make("ö $copy", LIMIT, \strlen('a'));
    }

    abstract protected function paint(Brush $brush): void;

    public static function make(): static
    {
        return new static();
    }
}

interface Look extends Sized, \Stringable
{
    public function width(): int;
}

trait Painted
{
    public function colour(): string
    {
        return 'red';
    }
}

enum Mode: string implements Look
{
    case Read = 'r';
    case Write = 'w';

    public function width(): int
    {
        return 1;
    }
}

final class StackTest extends TestCase
{
    public function testPushesÜmlauts(): void
    {
        $this->assertSame(1, (new Stack())->size());
    }

    #[Test]
    public function holdsMany(): void
    {
    }
}

/** Applies. */
function apply(callable $action, Store &$store): Handle
{
    $anonymous = new class extends Root {
        public function run(): void
        {
        }
    };
    return $action($store);
}
