"""Currencies beside amounts and in headers; a sign that several countries use names none.

Source: ISO 4217, list one, without funds, metals and test codes.  Checked on 2026-11-25.
"""

import unicodedata
from functools import lru_cache

import regex

CODES = frozenset(
    (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP"
        " BYN BZD CAD CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP"
        " GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY"
        " KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP"
        " MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR"
        " RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT"
        " TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW"
        " ZWG"
    ).split()
)
_SIGNS = dict(
    pair.split("=")
    for pair in (
        "€=EUR £=GBP ₹=INR ₩=KRW ₺=TRY ₽=RUB ₫=VND ₪=ILS ฿=THB ₱=PHP ₦=NGN ₴=UAH zł=PLN Kč=CZK"
        " Ft=HUF"
        " US$=USD R$=BRL A$=AUD AU$=AUD C$=CAD CA$=CAD HK$=HKD NT$=TWD NZ$=NZD MX$=MXN S$=SGD"
    ).split()
)
_UNSURE = (r"kr\.?", r"Fr\.", "lei", r"\p{Sc}")
#: What may stand beside an amount, sure or not; "M€" is no currency but millions of one.
BESIDE = f"(?:{'|'.join((*sorted(CODES), *map(regex.escape, _SIGNS), *_UNSURE))})"
_NUMBER = regex.compile(r"[\d\s.,'()+-]")


@lru_cache(2**14)
def currency_of(text: str) -> str:
    """Return the currency that an amount is written with, or "" if it has none that is sure.

    >>> currency_of("1.204,50 €"), currency_of("$12"), currency_of("usd")
    ('EUR', '', 'USD')
    """
    mark = _NUMBER.sub("", unicodedata.normalize("NFKC", text).replace("−", "-"))
    code = mark.upper()
    return code if code in CODES else _SIGNS.get(mark, "")


def is_currency(text: str) -> bool:
    """Tell whether a text can stand for a currency and for nothing else.

    >>> is_currency("USD"), is_currency("$"), is_currency("CVR")
    (True, True, False)
    """
    return bool(regex.fullmatch(BESIDE, text))
