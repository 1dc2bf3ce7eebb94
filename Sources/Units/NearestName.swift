/// The nearest of `names` to a misspelt one, when it is near enough to be meant.
package func nearest(to text: String, in names: some Sequence<String>) -> String? {
  var best: (name: String, distance: Int)?
  for name in names {
    let distance = editDistance(Array(text.utf8), Array(name.utf8))
    if distance < best?.distance ?? 4, distance < max(2, name.utf8.count) { best = (name, distance) }
  }
  return best?.name
}

/// Levenshtein's distance: how many single-letter edits turn one text into the other.
private func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var row = Array(0...b.count)
  for i in 0..<a.count {
    var previous = row[0]
    row[0] = i + 1
    for j in 0..<b.count {
      let substituted = previous + (a[i] == b[j] ? 0 : 1)
      previous = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, previous + 1)
    }
  }
  return row[b.count]
}
