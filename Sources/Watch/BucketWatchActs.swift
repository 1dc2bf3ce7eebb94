import Units

/// What follows from something that somebody said.
package struct ActEffect: Sendable {
  /// What is told at once.
  package var moves: [IncidentMove] = []
  /// The silence that begins.
  package var silence: Silence?
  /// The number of the silence that ends.
  package var endedSilence: Int64?
}

extension BucketWatch {
  /// Takes what somebody said, as of the last closed bucket; what follows is told at once or with the next one.
  ///
  /// `number` is the act's, which a silence is named after.
  /// - Throws: ``IncidentFault`` with why nothing follows.
  package mutating func take(_ act: Act, number: Int64) throws(IncidentFault) -> ActEffect {
    var effect = ActEffect()
    switch act.kind {
    case .ack(let id): try book.acknowledge(id, by: act.author)
    case .resolve(let id): effect.moves = try book.resolve(id, at: last ?? Bucket(containing: act.at))
    case .silence(let matchers, let from, let to, let reason):
      let silence = try Silence(id: number, matchers, from: from, to: to, author: act.author, reason: reason)
      try book.add(silence)
      effect.silence = silence
    case .unsilence(let silence):
      try book.endSilence(silence)
      effect.endedSilence = silence
    case .feedback(let id, let feedback, let until):
      effect.silence = try book.take(
        feedback, of: id, by: act.author, at: act.at, until: until ?? act.at, act: number)
    }
    return effect
  }

  /// Keeps silences that the ledger has, where all else is learnt anew.
  package mutating func keep(_ silences: [Silence]) {
    for silence in silences.prefix(book.limits.silencesMax) { try? book.add(silence) }
  }
}
