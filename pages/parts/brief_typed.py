"""What is typed into the form of a brief: it lives in the session state, under `form_…` keys.

It survives a page change and a failed save; `open_form` fills it, `typed_brief` reads it.
"""

import streamlit as st

from creative.domain import Audience, Brand, Brief, Product
from creative.studio.briefs import faults
from creative.studio.faults import Fault

TARGET = "form_target"  #: 0 for a new brief, an id to change one; unset while no form is open
NEW = 0  #: the choice "not one of the kept ones"
#: What a value of the brief is called when it is faulty; of a list, what one item is called.
_NAMES = {
    "brand_name": "Brand name",
    "brand_voice": "Voice",
    "brand_banned": "Word never to use",
    "brand_required": "Word every ad must have",
    "product_name": "Product name",
    "product_description": "“What it is”",
    "product_benefits": "Benefit",
    "product_features": "Feature",
    "product_proof": "Proof",
    "product_offer": "Offer",
    "product_price": "Price",
    "product_url": "Landing page",
    "audience_name": "“Who they are”",
    "audience_pains": "“What bothers them”",
    "objective": "Objective",
    "tone": "Tone",
    "language": "Language",
    "keywords": "Keyword",
    "call_to_action": "Call to action",
}
TRIED = "form_tried"  #: whether a save was refused: only then is an empty field a fault
EMPTY = Brief(brand=Brand(name=""), product=Product(name=""), channel="google_rsa")


def open_form(brief: Brief | None = None, *, as_copy: bool = False) -> None:
    """Fill the form with a brief, or with nothing; a copy is kept as a new brief."""
    source = brief or EMPTY
    st.session_state[TARGET] = NEW if as_copy or source.id is None else source.id
    fill_brand(source.brand)
    fill_product(source.product)
    fill_audience(source.audience)
    put("channel", source.channel)
    put("objective", source.objective)
    put("tone", source.tone)
    put("language", source.language)
    put("keywords", ", ".join(source.keywords))
    put("call_to_action", source.call_to_action)


def edit_elsewhere(brief: Brief) -> None:
    """Go to the form of a brief from another page, in a callback; an open form is never lost."""
    if st.session_state.get(TARGET) is None:
        open_form(brief)
    elif st.session_state[TARGET] != brief.id:
        st.toast("Save or cancel what you began here first.", icon=":material/info:")
    st.switch_page("pages/briefs.py")


def close_form() -> None:
    """Leave the form; what was typed is given up."""
    for key in [key for key in st.session_state if str(key).startswith("form_")]:
        del st.session_state[key]


def typed_brief() -> Brief:
    """Return what the form says, unchecked."""
    brand_id, product_id, audience_id = (chosen(name) for name in ("brand", "product", "audience"))
    return Brief(
        id=st.session_state.get(TARGET) or None,
        brand=Brand(
            id=brand_id,
            name=typed("brand_name"),
            voice=typed("brand_voice"),
            banned_words=_items("brand_banned", ","),
            required_words=_items("brand_required", ","),
        ),
        product=Product(
            id=product_id,
            brand_id=brand_id,
            name=typed("product_name"),
            description=typed("product_description"),
            benefits=_items("product_benefits"),
            features=_items("product_features"),
            proof=_items("product_proof"),
            offer=typed("product_offer"),
            price=typed("product_price"),
            url=typed("product_url"),
        ),
        audience=Audience(
            id=audience_id, name=typed("audience_name"), pains=_items("audience_pains")
        ),
        channel=typed("channel") or EMPTY.channel,
        objective=typed("objective"),
        tone=typed("tone"),
        language=typed("language") or EMPTY.language,
        keywords=_items("keywords", ","),
        call_to_action=typed("call_to_action"),
    )


def is_refused() -> bool:
    """Tell whether some of what was typed cannot be kept; from then on the form says what."""
    st.session_state[TRIED] = bool(faults(typed_brief()))
    return bool(st.session_state[TRIED])


def faults_by_field(brief: Brief) -> dict[str, list[str]]:
    """Return what is wrong, as sentences by the name of the field."""
    found: dict[str, list[str]] = {}
    for fault in faults(brief):
        name = _field_of(fault)
        if fault.kind != "missing" or st.session_state.get(TRIED):
            found.setdefault(name, []).append(fault.named(_NAMES.get(name, "A field")))
    return found


def _field_of(fault: Fault) -> str:
    parts = [str(part) for part in fault.key if isinstance(part, str)]
    return "_".join(parts).removesuffix("_words")


def fill_brand(brand: Brand) -> None:
    """Put a brand into the form."""
    put("brand", brand.id or NEW)
    put("brand_name", brand.name)
    put("brand_voice", brand.voice)
    put("brand_banned", ", ".join(brand.banned_words))
    put("brand_required", ", ".join(brand.required_words))


def fill_product(product: Product) -> None:
    """Put a product into the form."""
    put("product", product.id or NEW)
    put("product_name", product.name)
    put("product_description", product.description)
    put("product_benefits", "\n".join(product.benefits))
    put("product_features", "\n".join(product.features))
    put("product_proof", "\n".join(product.proof))
    put("product_offer", product.offer)
    put("product_price", product.price)
    put("product_url", product.url)


def fill_audience(audience: Audience) -> None:
    """Put an audience into the form."""
    put("audience", audience.id or NEW)
    put("audience_name", audience.name)
    put("audience_pains", "\n".join(audience.pains))


def put(name: str, value: str | int) -> None:
    """Set what a field holds."""
    st.session_state[f"form_{name}"] = value


def typed(name: str) -> str:
    """Return what a field holds, empty for nothing."""
    return str(st.session_state.get(f"form_{name}") or "")


def chosen(name: str) -> int | None:
    """Return the kept record that was chosen, None for a new one."""
    return st.session_state.get(f"form_{name}") or None


def _items(name: str, separator: str = "\n") -> tuple[str, ...]:
    parts = typed(name).split(separator)
    return tuple(part.strip() for part in parts if part.strip())
