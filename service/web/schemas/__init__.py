"""The shapes of what goes in and out; the OpenAPI document is made from them."""
