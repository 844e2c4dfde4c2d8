"""What is looked at, one module per side. Each check gives a sentence for everything that is wrong."""
