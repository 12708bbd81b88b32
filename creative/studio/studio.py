"""The studio as one value: its use cases, built over one store and one engine."""

from dataclasses import dataclass
from pathlib import Path

from creative.ports import Store
from creative.settings import Settings
from creative.studio.adapters import Adapters
from creative.studio.briefs import Briefs
from creative.studio.comparing import Comparisons
from creative.studio.demo import Demo
from creative.studio.doctor import Doctor
from creative.studio.drafting import Drafting
from creative.studio.experiments import Experiments
from creative.studio.exports import Exports
from creative.studio.foretelling import Foretelling
from creative.studio.judging import Judging
from creative.studio.lessons import Lessons
from creative.studio.models import Models
from creative.studio.preferences import Preferences
from creative.studio.prospects import Prospects
from creative.studio.refresh import Refresh
from creative.studio.results import Results
from creative.studio.review import Review
from creative.studio.steering import Steering
from creative.studio.tables import Tables
from creative.studio.track_records import TrackRecords
from creative.studio.voting import Voting
from creative.templates import Templates


@dataclass(frozen=True, kw_only=True, slots=True)
class Studio:
    """What entry points hold; safe to share between threads."""

    settings: Settings
    store: Store
    briefs: Briefs
    drafting: Drafting
    review: Review
    voting: Voting
    judging: Judging
    exports: Exports
    experiments: Experiments
    results: Results
    demo: Demo
    refresh: Refresh
    steering: Steering
    lessons: Lessons
    foretelling: Foretelling
    track_records: TrackRecords
    prospects: Prospects
    preferences: Preferences
    models: Models
    adapters: Adapters
    tables: Tables
    doctor: Doctor

    def restore(self, backup: Path) -> None:
        """Replace the library by a backup; runs are stopped first, those of the backup too.

        Raises:
            StorageError: If the file is no usable backup; the library stays as it was.
        """
        self.drafting.close()
        self.judging.close()
        self.adapters.comparisons.close()
        self.store.restore(backup)
        self.drafting.recover()

    def close(self) -> None:
        """Stop runs and end the engine; everything finished is kept."""
        self.drafting.close()
        self.judging.close()
        self.adapters.comparisons.close()
        self.tables.close()
        self.models.close()


def build_studio(settings: Settings, store: Store) -> Studio:
    """Put the use cases together.

    Raises:
        TemplateError: If the prompts cannot be used.
        ModelNotUsable: If the chosen model does not exist.
    """
    models = Models(settings)
    templates = Templates(settings.prompts)
    foretelling = Foretelling(store)
    experiments = Experiments(store, foretelling.foretold)
    track_records = TrackRecords(store, experiments)
    prospects = Prospects(store, settings.models, foretelling, track_records)
    lessons = Lessons(store, experiments)
    drafting = Drafting(store, templates, models, settings, lessons.taste)
    judging = Judging(store, templates, models)
    return Studio(
        settings=settings,
        store=store,
        briefs=Briefs(store),
        drafting=drafting,
        review=Review(store, prospects.best_first),
        voting=Voting(store, judging.counted),
        judging=judging,
        exports=Exports(store),
        experiments=experiments,
        results=Results(store),
        demo=Demo(store),
        refresh=Refresh(store, drafting, lessons),
        steering=Steering(experiments, track_records),
        lessons=lessons,
        foretelling=foretelling,
        track_records=track_records,
        prospects=prospects,
        preferences=Preferences(store, templates, models, experiments),
        models=models,
        adapters=Adapters(models, Comparisons(store, templates, models)),
        tables=Tables(settings.home),
        doctor=Doctor(settings, lambda: models, lambda: store),
    )
