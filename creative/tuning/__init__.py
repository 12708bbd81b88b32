"""Teaching a model what people and results prefer; knows no pages and no storage."""
