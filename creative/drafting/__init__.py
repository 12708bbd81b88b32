"""From a brief to checked lines: angles planned, candidates drawn, ranked and redrawn."""
