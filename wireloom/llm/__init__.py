"""Chat models behind one protocol: the direct lane, LiteLLM and the local model, their prices and their picker."""
