"""One participant's judgement: what a node may decide differently from its peers."""
