"""Made-up offers, prices and proof."""

from random import Random

from creative.inflection import capitalized
from models.training.inventions import noun, pseudo_word
from models.training.words import all_words, section, table


def offer(rng: Random, sells: str) -> tuple[str, str]:
    """Return an offer and its form: "noun" or "act"."""
    percent = rng.choice([5, 10, 15, 20, 25, 30, 40, 50])
    money = f"{rng.choice(table('offers')['symbols'])}{rng.choice([5, 10, 15, 20, 25, 50, 100])}"
    unit = rng.choice(table("offers")["units"][sells])
    chance = rng.random()
    if chance < 0.25:
        return rng.choice(table("offers")["gifts"][sells]), "noun"
    if chance < 0.75:
        return _reduction(rng, percent, money, unit), "noun"
    if chance < 0.88:
        return _rarity(rng, percent, unit), "noun"
    return _deal(rng, percent, money), "act"


def _reduction(rng: Random, percent: int, money: str, unit: str) -> str:
    code = rng.choice(all_words()).upper()[:7] + str(percent)
    return rng.choice(
        [
            f"{percent}% off your first {unit}",
            f"{percent}% off your first {unit}",
            f"{percent}% off",
            f"{money} off your first {unit}",
            f"{percent}% off until {rng.choice(table('offers')['days'])}",
            f"{percent}% off with code {code}",
            f"{money} off orders over {money}0",
            f"free delivery over {money}",
            f"{percent}% off for {rng.choice('students teachers members nurses'.split())}",
        ]
    )


def _rarity(rng: Random, percent: int, unit: str) -> str:
    few = rng.choice([1, 2, 4])
    return rng.choice(
        [
            f"{rng.choice([3, 7, 10, 14, 30, 60, 90])} days free",
            f"your first {unit} free",
            f"your second {unit} at half price",
            f"a {rng.choice([14, 30, 60, 90])}-day money-back guarantee",
            f"a free {noun(rng, 's', 0.4)} with every {unit}",
            f"{few + 1} {noun(rng, 'p', 0.4)} for the price of {few}",
            f"early bird price until {rng.choice(table('offers')['days'])}",
            f"{percent}% off every {noun(rng, 's', 0.4)}",
        ]
    )


def _deal(rng: Random, percent: int, money: str) -> str:
    few = rng.choice([1, 2, 3, 4, 5])
    return rng.choice(
        [
            "buy one, get one free",
            f"buy {few}, get one free",
            f"stay {few + 1} nights, pay for {few}",
            f"pay for {few * 2}, get {few * 2 + 1}",
            f"save {percent}% until {rng.choice(table('offers')['days'])}",
            f"save {money} with a {noun(rng, 's', 0.4)}",
            "bring a friend for free",
            "kids eat free",
            f"get a {percent}% discount",
        ]
    )


def price(rng: Random) -> str:
    """Return a price as people write it."""
    amount = rng.choice(
        [3, 5, 7, 9, 12, 14, 15, 19, 25, 29, 39, 45, 49, 59, 79, 99, 120, 199, 249, 899]
    )
    text = f"{rng.choice(table('offers')['symbols'])}{amount}" + rng.choice(
        ["", "", "", ".99", ".50"]
    )
    if rng.random() < 0.35:
        text += rng.choice(
            [
                " a month",
                " per month",
                "/month",
                " a year",
                " per person",
                " a night",
                " an hour",
                " each",
                " a bag",
            ]
        )
    return f"from {text}" if rng.random() < 0.35 else text


def proof(rng: Random) -> tuple[str, str]:
    """Return a proof and its form: "done" after "is", "noun" or "saying"."""
    who = (
        rng.choice(section("proof bodies"))
        if rng.random() < 0.8
        else f"{pseudo_word(rng, 1, 2)} owners"
    )
    many = rng.choice(
        ["300", "450", "900", "1,200", "2,000", "3,500", "10,000", "25,000", "80,000", "1 million"]
    )
    stars = f"{rng.choice('44444453')}.{rng.randint(1, 9)}"
    year = rng.randint(1890, 2024)
    award = (
        rng.choice(section("awards"))
        if rng.random() < 0.7
        else f"{capitalized(pseudo_word(rng, 2, 3))} Award"
    )
    press = (
        rng.choice(section("press"))
        if rng.random() < 0.7
        else f"{capitalized(pseudo_word(rng, 2, 3))} Weekly"
    )
    city = rng.choice(section("cities"))
    done = [
        f"rated {stars} by {many} {who}",
        f"rated {stars} out of 5",
        f"trusted by {many} {who}",
        f"loved by {many} {who}",
        f"chosen by {many} {who}",
        f"used by {who} in {rng.randint(3, 60)} countries",
        f"recommended by {who}",
        f"recommended by {press}",
        f"featured in {press}",
        f"tested by {who}",
        f"approved by {who} in {city}",
        f"made in {city} since {year}",
        f"family-run since {year}",
        f"tested in {rng.randint(2, 40)} labs",
    ]
    nouns = [
        f"{stars} stars from {many} {who}",
        f"{stars}-star rating",
        f"over {many} sold",
        f"more than {many} happy {who}",
        f"{many} five-star reviews",
        f"winner of the {year} {award}",
        f"{award} {year}",
        f"{rng.randint(5, 95)} years of experience",
        f"{many} happy {who}",
    ]
    sayings = [
        f"{rng.randint(6, 9)} out of 10 {who} recommend it",
        f"{rng.randint(71, 99)}% of {who} would buy it again",
        f"{many} {who} use it",
    ]
    form, pool = rng.choices([("done", done), ("noun", nouns), ("saying", sayings)], [5, 4, 1])[0]
    return rng.choice(pool), form
