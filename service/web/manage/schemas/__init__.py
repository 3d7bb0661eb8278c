"""The shapes of what owners' programs send and get, by the nouns of the modules that use them."""
