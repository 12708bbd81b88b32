"""Words and briefs that lines are made of where a measurement needs text of any kind.

Latin words are the starter's own list and the sample briefs; Chinese and Japanese ones are here.
"""

import json
from functools import cache

from benchmarks.machine import ROOT

_BRIEFS = ROOT / "docs" / "samples" / "briefs"
_VOCABULARY = ROOT / "models" / "starter" / "vocabulary.txt"
FIGURES = ("24", "$14", "15%")
NUMBERS = ("24", "14", "15", "2", "99", "2026")  #: words, of which some are no figure of a brief
CJK = tuple(
    "咖啡 新鲜 每天 夜晚 烘焙 豆子 香气 早晨 免费 配送 今天 品尝 世界 上好 一杯 慢慢 喝 好 家 "
    "珈琲 毎日 新鮮 焙煎 豆 香り 朝 夜 無料 配達 今日 味わう 一杯の ゆっくり 飲む 美味しい "
    "コーヒー カップ ロースター お届け はじめて 送料 限定 特別 あなた だけ "
    "の に を と も です 最高 絶対 갓 볶은 원두 매일 아침 향기 오늘 배송 커피".split()
)
CJK_TEXTS = (
    "新鲜烘焙的咖啡豆，每天配送到家。夜晚也能品尝上好的一杯。",
    "毎日焙煎のコーヒー豆をお届け。はじめての一杯は送料無料です。",
    "갓 볶은 원두, 매일 아침 배송. 커피 향기 오늘도.",
    "Fenn & Fig コーヒー 24 時間 お届け 15% 引き {KeyWord:コーヒー}",
)
_TAGGED = ("Buy {KeyWord:Fresh Coffee} today", "Ends in {COUNTDOWN(2026/12/01 00:00:00)}.")


@cache
def latin() -> tuple[str, ...]:
    """Return the words of the starter's list."""
    return tuple(_VOCABULARY.read_text("utf-8").split())


@cache
def briefs() -> tuple[str, ...]:
    """Return the sample briefs as prompts of plain text."""
    files = sorted(_BRIEFS.glob("*.json"))
    return tuple("\n".join(_told(json.loads(file.read_text("utf-8")))) for file in files)


def latin_texts() -> list[str]:
    """Return text that a tokenizer may be trained on."""
    listed = " ".join(latin())
    return [*briefs(), *_TAGGED * 8, listed, listed.title(), "Café crème, naïve façade – süß."] * 4


def cjk_texts() -> list[str]:
    """Return the same with Chinese, Japanese and Korean."""
    return [*latin_texts(), *CJK_TEXTS * 16, *(" ".join(CJK),) * 16]


def _told(value: object, name: str = "") -> list[str]:
    """Return every text of a JSON value as a line under its name."""
    if isinstance(value, dict):
        return [line for key, each in value.items() for line in _told(each, key)]
    if isinstance(value, list):
        return [line for each in value for line in _told(each, name)]
    return [f"{name.replace('_', ' ')}: {value}"] if value not in (None, "") else []
