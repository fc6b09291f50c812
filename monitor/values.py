"""Value classes and patterns that cost little to declare: their methods, their tables are made when first used.

`dataclasses` writes six functions for each class and has Python compile them while the program is being imported:
0.7 ms a class, where a sweep imports 180 and makes instances of half of them; here it is 0.06 ms (measured 2026-11 on
a busy machine of two processors). Comparison, hash, representation and the guard of what is frozen are one function for
all classes, and `__init__` is written at the first instance. `fields`, `replace`, `asdict` and `match` work as on any
dataclass, and either kind may inherit from the other.

A regular expression is compiled at its first use: a run with nothing due uses a few of the 90 it declares.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__all__ = ["dataclass", "pattern"]

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
    from re import compile as pattern
else:
    import dataclasses
    import re
    from operator import attrgetter

    _ABSENT = object()

    class pattern:  # noqa: N801 - called as `re.compile` is
        """A regular expression, compiled when something of it is first asked for."""

        def __init__(self, words, flags=0):
            self.declared = words, flags

        def __getattr__(self, name):
            found = getattr(re.compile(*self.declared), name)
            setattr(self, name, found)  # from here on it is found without us
            return found

    def dataclass(cls=None, /, *, frozen=False, eq=True, slots=False, kw_only=False):
        """As `dataclasses.dataclass`, of which these options are all that is used here."""
        if cls is None:
            return lambda one: _declared(one, frozen, eq, slots, kw_only)
        return _declared(cls, frozen, eq, slots, kw_only)

    def _declared(cls, frozen, eq, slots, kw_only):
        own = frozenset(vars(cls))
        hashed = "__hash__" in own and not (cls.__hash__ is None and "__eq__" in own)
        cls.__doc__ = cls.__doc__ or cls.__name__  # else the signature is made for it
        made = _with_fields(cls, slots, kw_only)
        made.__dataclass_params__.frozen = frozen
        methods = {"__init__": _init_of(made), "__repr__": _repr}
        if eq:
            methods |= {"__eq__": _eq} | ({} if hashed else {"__hash__": _hash if frozen else None})
            compared = [f.name for f in dataclasses.fields(made) if f.compare]
            made.__compared__ = staticmethod(_getter(compared))
        if frozen:
            methods |= {"__setattr__": _setattr, "__delattr__": _delattr}
            if slots:
                methods |= {"__getstate__": _getstate, "__setstate__": _setstate}
        for name, method in methods.items():
            if name not in own or name == "__hash__":
                setattr(made, name, method)
        return made

    def _with_fields(cls, slots, kw_only):
        """The class with its fields known and no method made. What is frozen, is guarded by `_declared`."""
        bases = [one for base in cls.__mro__[1:] if (one := vars(base).get("__dataclass_params__")) and one.frozen]
        for one in bases:
            one.frozen = False
        try:
            return dataclasses.dataclass(cls, init=False, repr=False, eq=False, slots=slots, kw_only=kw_only)
        finally:
            for one in bases:
                one.frozen = True

    def _getter(names):
        if len(names) > 1:
            return attrgetter(*names)
        return (lambda one: (getattr(one, names[0]),)) if names else (lambda _one: ())

    def _eq(self, other):
        if other.__class__ is not self.__class__:
            return NotImplemented
        values = self.__compared__
        return values(self) == values(other)

    def _hash(self):
        return hash(self.__compared__(self))

    def _repr(self):
        told = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in dataclasses.fields(self) if f.repr)
        return f"{self.__class__.__qualname__}({told})"

    def _guarded(self, name):
        return name in self.__dataclass_fields__ or "__dataclass_fields__" in vars(type(self))

    def _setattr(self, name, value):
        if _guarded(self, name):
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        object.__setattr__(self, name, value)

    def _delattr(self, name):
        if _guarded(self, name):
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        object.__delattr__(self, name)

    def _getstate(self):
        return [getattr(self, f.name) for f in dataclasses.fields(self)]

    def _setstate(self, state):
        for f, value in zip(dataclasses.fields(self), state, strict=True):
            object.__setattr__(self, f.name, value)

    def _init_of(cls):
        """An `__init__` that writes the one of its class when it is called, and puts it in its place."""

        def first(self, /, *values, **named):
            cls.__init__ = _written(cls)
            cls.__init__(self, *values, **named)

        return first

    def _written(cls):
        frozen, slots = cls.__dataclass_params__.frozen, "__slots__" in vars(cls)
        known, first, last, body = {"_absent": _ABSENT, "_set": object.__setattr__}, [], [], []
        for f in dataclasses.fields(cls):
            value = f.name
            if f.default_factory is not dataclasses.MISSING:
                known[f"_made_{f.name}"] = f.default_factory
                value = f"_made_{f.name}()" + (f" if {f.name} is _absent else {f.name}" if f.init else "")
                word = f"{f.name}=_absent"
            elif f.default is not dataclasses.MISSING:
                known[f"_default_{f.name}"] = f.default
                value = f.name if f.init else f"_default_{f.name}"
                word = f"{f.name}=_default_{f.name}"
            else:
                word = f.name
            if f.init:
                (last if f.kw_only else first).append(word)
            elif value == f.name or (f.default is not dataclasses.MISSING and not slots):
                continue
            body.append(f"_set(self, {f.name!r}, {value})" if frozen else f"self.{f.name} = {value}")
        if hasattr(cls, "__post_init__"):
            body.append("self.__post_init__()")
        head = ", ".join(["self", *first, *(["*", *last] if last else [])])
        exec(f"def __init__({head}):\n " + "\n ".join(body or ["pass"]), known)  # noqa: S102 - as dataclasses does
        written = known["__init__"]
        written.__qualname__ = f"{cls.__qualname__}.__init__"
        written.__module__ = cls.__module__
        return written
