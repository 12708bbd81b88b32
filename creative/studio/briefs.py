"""Brands, products, audiences and the briefs that join them: checked, kept and reused."""

import json
import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from creative.channels import channel
from creative.domain import Audience, Brand, Brief, Product
from creative.errors import BriefError, ChannelError
from creative.ports import Store
from creative.studio.faults import Fault, faults_in

MAX_TEXT = 2_000  #: code points of one free text; more is a pasted page, not a brief
MAX_WORDS = 200  #: code points of one item of a list
MAX_ITEMS = 30  #: items of one list

_BIDI_CONTROLS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class Briefs:
    """What the marketer keeps and reuses."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def keep(self, brief: Brief) -> Brief:
        """Check a brief and keep it with its brand, product and audience.

        Raises:
            BriefError: If it cannot be drafted from; nothing is kept then.
        """
        checked = checked_brief(brief)
        with self._store.transaction() as records:
            return records.briefs.keep(checked)

    def get(self, id: int) -> Brief:
        with self._store.transaction() as records:
            return records.briefs.get(id)

    def all(self) -> list[Brief]:
        """Every brief, the newest first."""
        with self._store.transaction() as records:
            return records.briefs.all()

    def remove(self, id: int) -> None:
        """Take a brief off the list; its drafts stay, and `put_back` undoes it."""
        with self._store.transaction() as records:
            records.briefs.remove(id)

    def put_back(self, id: int) -> Brief:
        """Undo `remove`."""
        with self._store.transaction() as records:
            return records.briefs.put_back(id)

    def brands(self) -> list[Brand]:
        with self._store.transaction() as records:
            return records.brands.all()

    def products(self, brand_id: int) -> list[Product]:
        with self._store.transaction() as records:
            return records.products.of_brand(brand_id)

    def audiences(self) -> list[Audience]:
        with self._store.transaction() as records:
            return records.audiences.all()


def checked_brief(brief: Brief) -> Brief:
    """Return the brief with its texts tidied.

    Raises:
        BriefError: If a name is missing, a text is huge, or the channel is unknown.
    """
    return brief_from(brief_to(brief), ids=brief)


def faults(brief: Brief) -> tuple[Fault, ...]:
    """Return every value that would have the brief refused; none when it can be kept."""
    try:
        _BriefForm.model_validate(brief_to(brief))
    except ValidationError as error:
        return faults_in(error)
    return ()


def hints(brief: Brief) -> list[str]:
    """Return what would make the drafts better, in plain words; none of it is an error.

    What the model in use makes of it is told by `creative.studio.suitability`.
    """
    product = brief.product
    notes = []
    if not (product.benefits or product.features or product.description):
        notes.append(
            "Add a benefit or a feature: without one, lines can only name the brand and product."
        )
    if not brief.audience.name:
        notes.append("Name the audience, so that lines can speak to somebody.")
    if not product.url:
        notes.append("Add the landing page: Google Ads and others need it in the export.")
    elif not product.url.startswith(("https://", "http://")):
        notes.append(f"{product.url} is no web address: it must begin with https:// or http://.")
    return notes


def brief_from_json(text: str) -> Brief:
    """Read a brief in the form that docs/brief.md describes.

    Raises:
        BriefError: Naming unknown keys, missing names or what is no JSON.
    """
    try:
        data = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise BriefError(f"The brief is not valid JSON: {error}.") from error
    if not isinstance(data, dict):
        raise BriefError("The brief must be a JSON object with brand, product and channel.")
    return brief_from(data)


def brief_to(brief: Brief) -> dict[str, Any]:
    """Return a brief as plain data, in the form that `brief_from` reads."""
    brand, product, audience = brief.brand, brief.product, brief.audience
    return {
        "brand": _values(_BrandForm, brand),
        "product": _values(_ProductForm, product),
        "audience": _values(_AudienceForm, audience),
        **{name: getattr(brief, name) for name in _BriefForm.own_fields()},
    }


def brief_from(data: Mapping[str, Any], ids: Brief | None = None) -> Brief:
    """Return a brief from plain data; `ids` is the kept one that it replaces.

    Raises:
        BriefError: Naming the keys that are unknown, missing or wrong.
    """
    try:
        form = _BriefForm.model_validate(data)
        channel(form.channel)
    except ValidationError as error:
        raise BriefError(" ".join(fault.in_file for fault in faults_in(error))) from error
    except ChannelError as error:
        raise BriefError(str(error)) from error
    brand, product, audience = form.brand, form.product, form.audience
    return Brief(
        id=ids.id if ids else None,
        brand=Brand(id=ids.brand.id if ids else None, **dict(brand)),
        product=Product(
            id=ids.product.id if ids else None,
            brand_id=ids.product.brand_id if ids else None,
            **dict(product),
        ),
        audience=Audience(id=ids.audience.id if ids else None, **dict(audience)),
        **{name: getattr(form, name) for name in _BriefForm.own_fields()},
    )


class _Form(BaseModel):
    """Text from outside: trimmed, bounded, without control characters, unknown keys refused."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True, str_max_length=MAX_TEXT)


def _tidy(value: object) -> object:
    """Drop control characters and put text into NFC; leave anything else to the type check."""
    if not isinstance(value, str):
        return value
    kept = (c if c not in "\n\r\t" else " " for c in value if c in "\n\r\t" or not _is_control(c))
    return unicodedata.normalize("NFC", "".join(kept))


def _is_control(character: str) -> bool:
    # Cc control, Cs lone surrogate; joiners (Cf) stay, since scripts and emoji need them.
    return unicodedata.category(character) in ("Cc", "Cs") or character in _BIDI_CONTROLS


def _filled(values: object) -> object:
    """Leave out empty items, so that a trailing line break is no error."""
    if isinstance(values, list | tuple):
        return tuple(v for v in values if not isinstance(v, str) or v.strip())
    return values


_Text = Annotated[str, BeforeValidator(_tidy)]
_Name = Annotated[_Text, Field(min_length=1, max_length=MAX_WORDS)]
_Item = Annotated[_Text, Field(max_length=MAX_WORDS)]
_Items = Annotated[tuple[_Item, ...], BeforeValidator(_filled), Field(max_length=MAX_ITEMS)]


class _BrandForm(_Form):
    name: _Name
    voice: _Text = ""
    banned_words: _Items = ()
    required_words: _Items = ()


class _ProductForm(_Form):
    name: _Name
    description: _Text = ""
    benefits: _Items = ()
    features: _Items = ()
    proof: _Items = ()
    offer: _Item = ""
    price: _Item = ""
    url: _Text = ""


class _AudienceForm(_Form):
    name: _Item = ""
    pains: _Items = ()


class _BriefForm(_Form):
    brand: _BrandForm
    product: _ProductForm
    audience: _AudienceForm = Field(default_factory=_AudienceForm)
    channel: _Name
    objective: _Item = ""
    tone: _Item = ""
    language: _Item = "en"
    keywords: _Items = ()
    call_to_action: _Item = ""

    @classmethod
    def own_fields(cls) -> list[str]:
        return [name for name in cls.model_fields if name not in ("brand", "product", "audience")]


def _values(form: type[_Form], record: object) -> dict[str, Any]:
    return {name: getattr(record, name) for name in form.model_fields}
