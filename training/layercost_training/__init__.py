"""Training of Layer Cost's predictor: reads exported features, learns, evaluates, ships. See ../README.md."""
