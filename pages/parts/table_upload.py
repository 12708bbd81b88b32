"""Asks for a table: a file, and the sheet where it is a workbook."""

import streamlit as st

from creative.studio.tables import Upload

_TYPES = ["csv", "tsv", "txt", "xlsx"]


def ask_for_table(label: str, key: str) -> Upload | None:
    """Show the box for a file; None while there is none."""
    file = st.file_uploader(label, type=_TYPES, key=key)
    if file is None:
        return None
    sheet = ""
    if file.name.lower().endswith(".xlsx"):
        sheet = st.text_input(
            "Sheet", key=f"{key}_sheet", placeholder="The first with rows", width=260
        )
    return Upload(content=file.getvalue(), name=file.name, sheet=(sheet or "").strip())
