"""Names in the session state that more than one module uses; they hold ids and text, no objects."""

CHOSEN_BRIEF = "chosen_brief"  #: id of the brief that every page is about
SHOWN_RUN = "shown_run"  #: id of the run that the Draft page shows
CHOSEN_TEST = "chosen_test"  #: id of the test that the Tests page shows
COMPARED = "compared"  #: id of the adapter that the Vote page compares with its base
CHOSEN_TABLE_MODEL = "chosen_table_model"  #: id of the model that the Audience page shows
WATCHED_FIT = "table_fit_watched"  #: id of the model that this session has begun to learn
RATER = "rater"  #: who rates and edits, as typed
VISITOR = "visitor"  #: a name for this browser session
PROBLEM = "problem"  #: sentence of a failure inside a callback, until the next attempt
UNDO = "undo"  #: what the last decision changed, until the next one
