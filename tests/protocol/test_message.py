"""Is a message a value? Given by name, compared by what it says, never changed."""

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from pairwright.protocol.index_messages import SymbolsParams
from pairwright.protocol.message import message


@message
class Parcel:
    """What is sent."""

    weight_g: int
    label: str = ""


def test_fields_are_given_by_name_and_have_defaults() -> None:
    parcel = Parcel(weight_g=3)
    assert (parcel.weight_g, parcel.label) == (3, "")
    assert [field.name for field in fields(parcel)] == ["weight_g", "label"]  # type: ignore[arg-type]
    assert repr(parcel) == "Parcel(weight_g=3, label='')"


def test_messages_that_say_the_same_are_equal_and_hash_alike() -> None:
    assert Parcel(weight_g=3) == Parcel(weight_g=3, label="")
    assert hash(Parcel(weight_g=3)) == hash(Parcel(weight_g=3, label=""))
    assert Parcel(weight_g=3) != Parcel(weight_g=4)
    assert Parcel(weight_g=3) != SymbolsParams(query="")


def test_a_field_that_is_missing_or_unknown_is_an_error() -> None:
    with pytest.raises(TypeError, match="weight_g"):
        Parcel()  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="colour"):
        Parcel(weight_g=3, colour="red")  # type: ignore[call-arg]


def test_it_never_changes() -> None:
    parcel = Parcel(weight_g=3)
    with pytest.raises(FrozenInstanceError):
        parcel.label = "x"  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError):
        del parcel.label
    with pytest.raises(AttributeError):
        object.__setattr__(parcel, "colour", "red")
    assert replace(parcel, label="x") == Parcel(weight_g=3, label="x")  # type: ignore[type-var]
