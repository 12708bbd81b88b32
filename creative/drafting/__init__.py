"""From a brief to checked lines: angles planned, prompts built, candidates drawn, ranked and redrawn."""
