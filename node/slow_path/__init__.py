"""Where documents are read that the compiled terms leave over: in processes that can be killed."""
