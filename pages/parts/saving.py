"""A button under a picture that saves it as SVG, for slides and print at any size.

The browser has drawn the picture as SVG already, so the button hands that out; nothing is drawn
again and nothing goes to the server.  Streamlit's own menu of a picture saves PNG.
"""

import streamlit as st

_HTML = '<button type="button"><span>Save as SVG</span></button>'
_CSS = """
button {
    background: none; border: 0; padding: 0.25rem 0; cursor: pointer;
    color: var(--st-link-color); font-family: var(--st-font); font-size: 0.875rem;
}
button:hover span { text-decoration: underline; }
button:focus-visible { outline: 2px solid var(--st-link-color); outline-offset: 2px; }
"""
_JS = """
export default function ({ parentElement, data }) {
    const button = parentElement.querySelector("button")
    button.setAttribute("aria-label", `Save as SVG: ${data.what}`)
    button.onclick = () => {
        const picture = document.querySelector(`.st-key-picture_${data.key} svg.marks`)
        if (!picture) return
        const text = new XMLSerializer().serializeToString(picture)
        const link = document.createElement("a")
        link.href = URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }))
        link.download = `${data.key}.svg`
        link.click()
        setTimeout(() => URL.revokeObjectURL(link.href), 1000)
    }
}
"""
_button = st.components.v2.component("adlib_save_svg", html=_HTML, css=_CSS, js=_JS)


def offer_svg(key: str, what: str) -> None:
    """Show the button.

    Args:
        key: Of the picture, which stands in the container `picture_{key}`.
        what: Is in it, for a screen reader.
    """
    _button(key=f"save_{key}", data={"key": key, "what": what}, height="content")
