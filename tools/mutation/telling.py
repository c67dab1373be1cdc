"""Lets what documents, places and pods hold ready tell when a rule asks for it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from lib.checks.document import Document
from lib.checks.place import Place
from lib.checks.pods import Container, Pod
from tools.mutation.watching import Map

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tools.mutation.watching import Watch


@contextmanager
def attributes_tell(watch: Watch) -> Iterator[None]:
    """Replace these attributes of the classes by ones that tell, for as long as it lasts."""
    told: dict[tuple[type, str], Any] = {
        (Place, "value"): _value(watch, Place.__dict__["value"]),
        (Pod, "__init__"): _quiet(watch, Pod.__init__),
        (Container, "__init__"): _quiet(watch, Container.__init__),
        (Pod, "labels"): _texts(watch, "labels"),
        (Pod, "annotations"): _texts(watch, "annotations"),
        (Document, "labels"): _texts(watch, "labels"),
        (Document, "annotations"): _texts(watch, "annotations"),
        (Container, "name"): _text("name"),
        (Container, "image"): _text("image"),
    }
    kept = {(class_, name): class_.__dict__[name] for class_, name in told}
    for (class_, name), new in told.items():
        setattr(class_, name, new)
    try:
        yield
    finally:
        for (class_, name), old in kept.items():
            setattr(class_, name, old)


def _value(watch: Watch, slot: Any) -> property:
    def get(place: Place) -> Any:
        value = slot.__get__(place)
        watch.read(place.document.index, place.pointer, value)
        return value

    return property(get, slot.__set__)


def _quiet(watch: Watch, make: Callable[..., None]) -> Callable[..., None]:
    def made(*arguments: Any) -> None:
        with watch.off():
            make(*arguments)

    return made


def _texts(watch: Watch, name: str) -> property:
    """Labels or annotations: those of their values that are texts, as a map that tells."""

    def get(owner: Any) -> dict[str, str]:
        root = owner.template if isinstance(owner, Pod) else owner.root
        with watch.off():
            place = root.at("metadata", name)
            found: dict[str, str] = place.texts()
            value = place.value
        return Map(watch, value.document, value.pointer, found) if isinstance(value, Map) else found

    return property(get, lambda _owner, _value: None)


def _text(name: str) -> property:
    return property(lambda container: container.text(name), lambda _container, _value: None)
