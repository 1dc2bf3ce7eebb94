import Testing

/// Tests that break the one disk there is to break: never two at a time.
@Suite(.serialized) enum BrokenDisks {}
