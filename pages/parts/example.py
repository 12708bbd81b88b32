"""A brief of an invented brand, for people who want to see lines before they type."""

from creative.domain import Audience, Brand, Brief, Product

EXAMPLE = Brief(
    brand=Brand(
        name="Larkfield",
        voice="Warm and plain, like a good neighbour. No superlatives.",
        banned_words=("cheap", "hustle"),
    ),
    product=Product(
        name="Morning Box",
        description="Freshly roasted coffee, delivered to the door every two weeks.",
        benefits=(
            "Fresh coffee without planning",
            "Never run out of beans",
            "Pause or cancel any time",
        ),
        features=(
            "Roasted to order in small batches",
            "Whole beans or ground for your machine",
            "Compostable bags",
        ),
        proof=("4.8 stars from 2,100 customers",),
        offer="15% off the first box",
        price="€14",
        url="https://www.larkfield.example/morning-box",
    ),
    audience=Audience(
        name="Busy home office workers",
        pains=("Running out of coffee mid-week", "Stale supermarket beans"),
    ),
    channel="google_rsa",
    objective="Start a subscription",
    tone="Friendly",
    keywords=("coffee subscription", "fresh coffee beans"),
)
