"""The fields of the form of a brief, and what is wrong with what was typed into them.

No widget bounds its text: a browser drops the whole of a paste that is too long.  What is too
long stays in its field, and is told below it.
"""

from collections.abc import Callable, Sequence

import streamlit as st

from creative.channels import channel
from creative.domain import Audience, Brand, Product
from pages.parts.brief_typed import (
    EMPTY,
    NEW,
    TRIED,
    chosen,
    faults_by_field,
    fill_audience,
    fill_brand,
    fill_product,
    put,
    typed,
    typed_brief,
)
from pages.parts.channel_words import call_to_action_field, channel_ids, channel_name
from pages.parts.failures import told_on_the_page
from pages.parts.resources import studio
from pages.parts.wording import plain

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
_FAULTS = "form_faults"  #: sentences by field, anew with every run of the page


def tell_refusal() -> None:
    """Say why the last save was refused, as long as that is so."""
    if st.session_state.get(TRIED) and (said := st.session_state[_FAULTS]):
        sentences = " ".join(sentence for each in said.values() for sentence in each)
        st.error(plain(f"Not saved yet. {sentences}"), icon=":material/error:")


def show_form() -> None:
    """Show every field, in the order in which a marketer thinks of them."""
    st.session_state[_FAULTS] = faults_by_field(typed_brief())
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
    brand_id = chosen("brand")
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
        _tell_faults("language")
    with right:
        _line("tone", "Tone", "Friendly")
        _line("keywords", "Keywords", "coffee subscription, fresh beans", "Parted by commas.")
    button = call_to_action_field(channel(typed("channel") or EMPTY.channel))
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
        brand_id = chosen("brand")
        found = [brand for brand in studio().briefs.brands() if brand.id == brand_id]
        fill_brand(found[0] if found else Brand(name=""))
        put("product", NEW)


def _pick_product() -> None:
    with told_on_the_page():
        brand_id, product_id = chosen("brand"), chosen("product")
        kept = studio().briefs.products(brand_id) if brand_id else []
        found = [product for product in kept if product.id == product_id]
        fill_product(found[0] if found else Product(name=""))


def _pick_audience() -> None:
    with told_on_the_page():
        audience_id = chosen("audience")
        found = [one for one in studio().briefs.audiences() if one.id == audience_id]
        fill_audience(found[0] if found else Audience())


def _line(name: str, label: str, example: str, hint: str | None = None) -> None:
    st.text_input(
        label,
        key=f"form_{name}",
        placeholder=example,
        help=hint,
        persist_state="session",
    )
    _tell_faults(name)


def _area(name: str, label: str, example: str) -> None:
    st.text_area(
        label,
        key=f"form_{name}",
        placeholder=example,
        height=100,
        persist_state="session",
    )
    _tell_faults(name)


def _tell_faults(name: str) -> None:
    """Say below a field what is wrong with it."""
    for sentence in st.session_state[_FAULTS].get(name, ()):
        # No caption: faint red is hard to read.
        st.markdown(f":red[:small[:material/error: {plain(sentence)}]]")


def _with_current(options: Sequence[str], name: str) -> list[str]:
    """Return the options with what is chosen now, which may come from another channel."""
    current = typed(name)
    return [*options, *([current] if current not in options else [])]
