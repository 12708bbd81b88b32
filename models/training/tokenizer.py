"""The starter's tokenizer: a unigram model in which capitals are marks before small letters.

" Zorvexa" is spelled as U+E000, a space and "zorvexa"; a capital inside a word as U+E001 and the
small letter.  So a word has the same pieces at the start of a headline as in its middle, and 8192
pieces go further.  Both marks are written and read by tokenizer.json itself; text that is cut in
the middle of a character ends in a mark or in U+FFFD.
"""

import re
import tempfile
from itertools import islice
from pathlib import Path
from random import Random
from string import ascii_uppercase

import sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
from transformers import PreTrainedTokenizerFast

from models.training.corpus import ads
from models.training.inventions import brand, pseudo_word
from models.training.patterns import ANGLES
from models.training.prose import passages
from models.training.splits import Split
from models.training.words import all_words
from models.training.written import assignments

VOCABULARY_SIZE = 8192
PASSAGES = 9000  #: of plain English in the sample, about 8 MB
WORD_CAPITAL, INNER_CAPITAL = "\ue000", "\ue001"
SPECIAL = ("<unk>", "<s>", "</s>", "<pad>", "<|user|>", "<|assistant|>")
FIELDS = (
    "brand product audience pains benefits features proof offer price keywords tone max".split()
)
CHANNELS = "headline description primary subject push".split()
KINDS = "do does thing quality made says without".split()
LABELS = (
    ["brand:"]
    + [f"\n{name}:" for name in FIELDS]
    + [f"\nchannel: {name}" for name in CHANNELS]
    + [f"\nangle: {name}" for name in ANGLES]
    + [f" {kind}:" for kind in KINDS]
    + ["\n"]
)
REQUIRED = "abcdefghijklmnopqrstuvwxyz0123456789.,;:!?'\"&%$€£()-/+#@*–—’“”áàâäåéèêëíïñóôöøúüçßæœ"
CHAT_TEMPLATE = (
    "{% for m in messages %}{% if m['role'] == 'user' %}<|user|>{{ m['content'] }}"
    "{% elif m['role'] == 'assistant' %}<|assistant|> {{ m['content'] }}</s>{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def marked(text: str) -> str:
    """Return a text with marks in place of capitals."""
    text = re.sub(" ([A-Z])", lambda m: f"{WORD_CAPITAL} {m[1].lower()}", text)
    return re.sub("[A-Z]", lambda m: INNER_CAPITAL + m[0].lower(), text)


def _sample(path: Path, seed: int, briefs: int, prose: Path | None) -> None:
    """Write the text that pieces are learned from."""
    rng = Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for _ in range(briefs):
            shown = ads(rng, 6)
            values = [line.split(":", 1)[1] for line in shown.prompt.splitlines()]
            for text in values + [f" {answer}" for _, answer in shown.lines]:
                file.write(
                    marked(re.sub(r" (do|does|thing|quality|made|says|without):", "", text)) + "\n"
                )
        for assignment in assignments(Split.TRAIN):
            for ad in assignment.ads:
                file.write(marked(f" {ad.text}") + "\n")
        for text in islice(passages(prose, rng), PASSAGES) if prose else ():
            file.write("".join(f"{marked(line)}\n" for line in text.splitlines()))
        for word in all_words() * 3:
            file.write(f" {word}\n")
        for _ in range(briefs * 3):
            file.write(f" {pseudo_word(rng)}\n{marked(' ' + brand(rng))}\n")


def _pieces(
    folder: Path, seed: int, briefs: int, size: int, prose: Path | None
) -> list[tuple[str, float]]:
    """Learn the pieces and return them with their scores."""
    sample = folder / "sample.txt"
    _sample(sample, seed, briefs, prose)
    sentencepiece.SentencePieceTrainer.train(
        input=str(sample),
        model_prefix=str(folder / "pieces"),
        vocab_size=size - len(LABELS),
        model_type="unigram",
        byte_fallback=True,
        split_digits=True,
        normalization_rule_name="identity",
        add_dummy_prefix=False,
        remove_extra_whitespaces=False,
        character_coverage=1.0,
        user_defined_symbols=[WORD_CAPITAL, INNER_CAPITAL],
        control_symbols=list(SPECIAL[4:]),
        pad_id=3,
        num_threads=1,
        max_sentence_length=2000,
        required_chars=REQUIRED,
        minloglevel=2,
    )
    model = sentencepiece.SentencePieceProcessor(model_file=str(folder / "pieces.model"))
    return [(model.id_to_piece(i), model.get_score(i)) for i in range(model.get_piece_size())]


def _normalizer() -> normalizers.Normalizer:
    words = [normalizers.Replace(f" {c}", f"{WORD_CAPITAL} {c.lower()}") for c in ascii_uppercase]
    inner = [normalizers.Replace(c, INNER_CAPITAL + c.lower()) for c in ascii_uppercase]
    return normalizers.Sequence([*words, *inner, normalizers.Replace(" ", "▁")])


def _decoder() -> decoders.Decoder:
    words = [decoders.Replace(f"{WORD_CAPITAL} {c.lower()}", f" {c}") for c in ascii_uppercase]
    inner = [decoders.Replace(INNER_CAPITAL + c.lower(), c) for c in ascii_uppercase]
    pending = decoders.Replace(Regex(f"{WORD_CAPITAL} $"), f" {WORD_CAPITAL}")
    start = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()]
    return decoders.Sequence([*start, *words, *inner, pending])


def make_tokenizer(
    seed: int = 7, briefs: int = 4000, size: int = VOCABULARY_SIZE, prose: Path | None = None
) -> PreTrainedTokenizerFast:
    """Learn a tokenizer of some size from so many made-up briefs and a file of plain English."""
    with tempfile.TemporaryDirectory() as folder:
        pieces = _pieces(Path(folder), seed, briefs, size, prose)
    core = Tokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=True))
    core.normalizer = _normalizer()
    core.pre_tokenizer = pre_tokenizers.Metaspace(
        replacement="▁", prepend_scheme="never", split=True
    )
    core.decoder = _decoder()
    core.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in SPECIAL]
    )
    core.add_tokens([AddedToken(label, normalized=False, special=False) for label in LABELS])
    tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]
        tokenizer_object=core,
        unk_token="<unk>",
        bos_token="<s>",
        eos_token="</s>",
        pad_token="<pad>",
        clean_up_tokenization_spaces=False,
        model_max_length=512,
        padding_side="left",
    )
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer
