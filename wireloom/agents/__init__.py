"""What makes a model call an agent: tools, the loop that runs them, answers that fit a schema."""
