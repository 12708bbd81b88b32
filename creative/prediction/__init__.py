"""Which of two lines people click on more, how sure that is, and why; knows no pages or storage."""
