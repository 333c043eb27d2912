defmodule Moebel.Stack do
  @moduledoc "A stack; ünïcode."
  use GenServer
  import Enum, only: [map: 2]
  alias Moebel.{Item, Shelf}
  alias Moebel.Store, as: Shop
  require Logger
  @behaviour Moebel.Drawable

  @limit 3
  defstruct [:items, size: 0]

  @type t :: %__MODULE__{items: list}

  # Puts one on.
  @doc """
  Puts an item on top.

  With more of it.
  """
  @spec push(t, term) :: t
  def push(%__MODULE__{} = stack, item) when is_map(item) do
    size = stack.size + @limit
    Logger.info("größe #{size}")
    %{stack | items: [item | stack.items], size: helper(size)}
  end

  def push(stack, nil), do: stack
  def empty, do: %Item{}

  defp helper(n) do
    n
    |> Kernel.+(1)
    |> map(fn x -> x * 2 end)
  end

  defmacro log(text) do
    quote do: Shop.put(unquote(text))
  end

  defguard is_full(n) when n > 3
  defdelegate pop(stack), to: Shelf
  @callback draw(t) :: :ok
end

defprotocol Drawable do
  def draw(shape)
end

defimpl Drawable, for: Moebel.Stack do
  def draw(shape), do: shape.size
end

defmodule Moebel.StackTest do
  use ExUnit.Case

  setup do
    {:ok, stack: Moebel.Stack.empty()}
  end

  describe "push" do
    test "puts one on", %{stack: stack} do
      assert Moebel.Stack.push(stack, %{}).size == 1
    end
  end
end
