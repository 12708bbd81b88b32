"""The form of a brief: what is typed lives in the session state, under `form_…` keys.

It survives a page change and a failed save; `open_form` fills it, `typed_brief` reads it.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from creative.channels import channel
from creative.domain import Audience, Brand, Brief, Product
from creative.studio.briefs import MAX_TEXT
from pages.parts.channel_words import call_to_action_field, channel_ids, channel_name
from pages.parts.failures import told_on_the_page
from pages.parts.resources import studio

TARGET = "form_target"  #: 0 for a new brief, an id to change one; unset while no form is open
NEW = 0  #: the choice "not one of the kept ones"
LANGUAGES = {
    "en": "English",
    "de": "German",
    "fr": "French",
    "es": "Spanish",
    "it": "Italian",
    "pt": "Portuguese",
    "nl": "Dutch",
    "pl": "Polish",
    "sv": "Swedish",
    "tr": "Turkish",
    "ar": "Arabic",
    "he": "Hebrew",
    "hi": "Hindi",
    "ja": "Japanese",
    "ko": "Korean",
    "zh": "Chinese",
    "ru": "Russian",
    "uk": "Ukrainian",
}
_EMPTY = Brief(brand=Brand(name=""), product=Product(name=""), channel="google_rsa")


def open_form(brief: Brief | None = None, *, as_copy: bool = False) -> None:
    """Fill the form with a brief, or with nothing; a copy is kept as a new brief."""
    source = brief or _EMPTY
    st.session_state[TARGET] = NEW if as_copy or source.id is None else source.id
    _fill_brand(source.brand)
    _fill_product(source.product)
    _fill_audience(source.audience)
    _put("channel", source.channel)
    _put("objective", source.objective)
    _put("tone", source.tone)
    _put("language", source.language)
    _put("keywords", ", ".join(source.keywords))
    _put("call_to_action", source.call_to_action)


def close_form() -> None:
    """Leave the form; what was typed is given up."""
    for key in [key for key in st.session_state if str(key).startswith("form_")]:
        del st.session_state[key]


def typed_brief() -> Brief:
    """Return what the form says, unchecked."""
    brand_id, product_id, audience_id = (_id(name) for name in ("brand", "product", "audience"))
    return Brief(
        id=st.session_state.get(TARGET) or None,
        brand=Brand(
            id=brand_id,
            name=_text("brand_name"),
            voice=_text("brand_voice"),
            banned_words=_items("brand_banned", ","),
            required_words=_items("brand_required", ","),
        ),
        product=Product(
            id=product_id,
            brand_id=brand_id,
            name=_text("product_name"),
            description=_text("product_description"),
            benefits=_items("product_benefits"),
            features=_items("product_features"),
            proof=_items("product_proof"),
            offer=_text("product_offer"),
            price=_text("product_price"),
            url=_text("product_url"),
        ),
        audience=Audience(
            id=audience_id, name=_text("audience_name"), pains=_items("audience_pains")
        ),
        channel=_text("channel") or _EMPTY.channel,
        objective=_text("objective"),
        tone=_text("tone"),
        language=_text("language") or _EMPTY.language,
        keywords=_items("keywords", ","),
        call_to_action=_text("call_to_action"),
    )


def show_form() -> None:
    """Show every field, in the order in which a marketer thinks of them."""
    with st.container(border=True, key="section_place"):
        st.subheader("Where it runs", anchor=False)
        _channel_choice()
    with st.container(border=True, key="section_brand"):
        st.subheader("Brand", anchor=False)
        _brand_fields()
    with st.container(border=True, key="section_product"):
        st.subheader("Product", anchor=False)
        _product_fields()
    with st.container(border=True, key="section_audience"):
        st.subheader("Audience", anchor=False)
        _audience_fields()
    with st.container(border=True, key="section_style"):
        st.subheader("How it should sound", anchor=False)
        _style_fields()


def _channel_choice() -> None:
    st.selectbox(
        "Channel",
        channel_ids(),
        format_func=channel_name,
        key="form_channel",
        persist_state="session",
        help="Type to search, for example: search, feed, push.",
    )


def _brand_fields() -> None:
    names = {brand.id: brand.name for brand in studio().briefs.brands()}
    _kept_choice("brand", names, "A new brand", _pick_brand)
    _line("brand_name", "Brand name", "Larkfield")
    _area("brand_voice", "Voice", "How the brand speaks: warm, dry, expert… One or two sentences.")
    left, right = st.columns(2)
    with left:
        _line("brand_banned", "Words never to use", "cheap, hustle", "Parted by commas.")
    with right:
        _line(
            "brand_required",
            "Words every ad must have",
            "",
            "Parted by commas; in any of its lines.",
        )


def _product_fields() -> None:
    brand_id = _id("brand")
    kept = studio().briefs.products(brand_id) if brand_id else []
    names = {product.id: product.name for product in kept}
    _kept_choice("product", names, "A new product", _pick_product)
    _line("product_name", "Product name", "Morning Box")
    _area("product_description", "What it is", "In a sentence or two.")
    left, right = st.columns(2)
    with left:
        _area("product_benefits", "Benefits, one per line", "What the customer gains.")
    with right:
        _area("product_features", "Features, one per line", "What it has or does.")
    _area(
        "product_proof",
        "Proof, one per line",
        "Numbers, awards, ratings. A line may only claim what stands here or in the offer.",
    )
    left, right = st.columns(2)
    with left:
        _line("product_offer", "Offer", "15% off the first box")
    with right:
        _line("product_price", "Price, as it may appear in an ad", "€14")
    _line("product_url", "Landing page", "https://www.example.com/morning-box")


def _audience_fields() -> None:
    names = {one.id: one.name for one in studio().briefs.audiences() if one.name}
    _kept_choice("audience", names, "A new audience", _pick_audience)
    _line("audience_name", "Who they are", "Busy home office workers")
    _area("audience_pains", "What bothers them, one per line", "Running out of coffee mid-week")


def _style_fields() -> None:
    left, right = st.columns(2)
    with left:
        _line("objective", "Objective", "Start a subscription")
        st.selectbox(
            "Language",
            _with_current(list(LANGUAGES), "language"),
            format_func=lambda tag: f"{LANGUAGES[tag]} ({tag})" if tag in LANGUAGES else str(tag),
            key="form_language",
            accept_new_options=True,
            persist_state="session",
            help="Not in the list? Type a language tag such as pt-BR.",
        )
    with right:
        _line("tone", "Tone", "Friendly")
        _line("keywords", "Keywords", "coffee subscription, fresh beans", "Parted by commas.")
    button = call_to_action_field(channel(_text("channel") or _EMPTY.channel))
    if button is None:
        return
    if button.options:
        st.selectbox(
            button.name,
            _with_current(["", *button.options], "call_to_action"),
            format_func=lambda text: text or "None",
            key="form_call_to_action",
            persist_state="session",
        )
    else:
        _line("call_to_action", button.name, "Learn more")


def _kept_choice(
    name: str, names: dict[int | None, str], new: str, pick: Callable[[], None]
) -> None:
    """Offer the kept ones; nothing is shown while there are none."""
    key = f"form_{name}"
    if st.session_state.get(key) not in names:
        st.session_state[key] = NEW
    if names:
        st.selectbox(
            f"Use a kept {name}",
            [NEW, *names],
            format_func=lambda id: f"{names[id]} (#{id})" if id in names else new,
            key=key,
            on_change=pick,
            persist_state="session",
            help=f"What you change below is changed for every brief of that {name}.",
        )


def _pick_brand() -> None:
    with told_on_the_page():
        brand_id = _id("brand")
        found = [brand for brand in studio().briefs.brands() if brand.id == brand_id]
        _fill_brand(found[0] if found else Brand(name=""))
        _put("product", NEW)


def _pick_product() -> None:
    with told_on_the_page():
        brand_id, product_id = _id("brand"), _id("product")
        kept = studio().briefs.products(brand_id) if brand_id else []
        found = [product for product in kept if product.id == product_id]
        _fill_product(found[0] if found else Product(name=""))


def _pick_audience() -> None:
    with told_on_the_page():
        audience_id = _id("audience")
        found = [one for one in studio().briefs.audiences() if one.id == audience_id]
        _fill_audience(found[0] if found else Audience())


def _fill_brand(brand: Brand) -> None:
    _put("brand", brand.id or NEW)
    _put("brand_name", brand.name)
    _put("brand_voice", brand.voice)
    _put("brand_banned", ", ".join(brand.banned_words))
    _put("brand_required", ", ".join(brand.required_words))


def _fill_product(product: Product) -> None:
    _put("product", product.id or NEW)
    _put("product_name", product.name)
    _put("product_description", product.description)
    _put("product_benefits", "\n".join(product.benefits))
    _put("product_features", "\n".join(product.features))
    _put("product_proof", "\n".join(product.proof))
    _put("product_offer", product.offer)
    _put("product_price", product.price)
    _put("product_url", product.url)


def _fill_audience(audience: Audience) -> None:
    _put("audience", audience.id or NEW)
    _put("audience_name", audience.name)
    _put("audience_pains", "\n".join(audience.pains))


def _line(name: str, label: str, example: str, hint: str | None = None) -> None:
    st.text_input(
        label,
        key=f"form_{name}",
        placeholder=example,
        help=hint,
        max_chars=MAX_TEXT,
        persist_state="session",
    )


def _area(name: str, label: str, example: str) -> None:
    st.text_area(
        label,
        key=f"form_{name}",
        placeholder=example,
        max_chars=MAX_TEXT,
        height=100,
        persist_state="session",
    )


def _put(name: str, value: str | int) -> None:
    st.session_state[f"form_{name}"] = value


def _text(name: str) -> str:
    return str(st.session_state.get(f"form_{name}") or "")


def _id(name: str) -> int | None:
    """Return the kept record that was chosen, None for a new one."""
    return st.session_state.get(f"form_{name}") or None


def _items(name: str, separator: str = "\n") -> tuple[str, ...]:
    parts = _text(name).split(separator)
    return tuple(part.strip() for part in parts if part.strip())


def _with_current(options: Sequence[str], name: str) -> list[str]:
    """Return the options with what is chosen now, which may come from another channel."""
    current = _text(name)
    return [*options, *([current] if current not in options else [])]
