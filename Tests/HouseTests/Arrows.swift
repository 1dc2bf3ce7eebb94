/// Which module may import what: the arrows of Package.swift, and the doors to the world.
struct Arrows {
  /// What each target of Package.swift depends on, in the order they stand there.
  let declared: [(target: String, needs: [String])]

  /// Modules of the platform, and who may look through that door.
  static let doors: [String: Set<String>] = [
    "Foundation": ["tollbook", "tollbench"],
    "Dispatch": ["Sidecar", "Web", "tollbook", "tollbench"],
    "Glibc": ["Store", "Sidecar", "tollbook", "tollbench"],
    "Synchronization": ["Store", "Sidecar", "Web", "tollbook", "tollbench"],
    "ArgumentParser": ["tollbook", "tollbench"],
    "CScan": ["Calls"],
    "CData": ["Store", "tollbook"],
    "CSystem": ["Store", "Sidecar", "Web", "tollbook", "tollbench"],
  ]

  /// The stages in the data's order: a module knows only those before it.
  static let order = [
    "CScan", "Units", "Calls", "Rates", "Books", "Audit", "Watch", "CData", "CSystem", "Store",
    "Sidecar", "Web", "tollbook", "tollbench",
  ]

  /// Reads the targets out of a manifest's text.
  init(manifest: String) {
    var declared: [(String, [String])] = []
    let target = #/(?:module\(\s*|tests\(\s*|\.target\(\s*name: |\.executableTarget\(\s*name: )"(\w+)"/#
    let targets = manifest.firstRange(of: "targets: [\n").map { manifest[$0.upperBound...] } ?? manifest[...]
    let starts = targets.matches(of: target)
    for (place, match) in starts.enumerated() {
      let end = place + 1 < starts.count ? starts[place + 1].range.lowerBound : targets.endIndex
      let rest = targets[match.range.upperBound..<end]
      // What tests are made of may depend on anything.
      if match.0.hasPrefix("tests(") || rest.contains("path: \"Tests/") { continue }
      let list = rest.prefix { $0 != "]" }
      var needs = list.matches(of: #/[\[,]\s*"(\w+)"/#).map { String($0.1) }
      needs += list.matches(of: #/\.product\(name: "(\w+)"/#).map { String($0.1) }
      if list.contains(#/\barguments\b/#) { needs.append("ArgumentParser") }
      declared.append((String(match.1), needs))
    }
    self.declared = declared
  }

  /// Arrows that point the wrong way, each with the cure.
  var faults: [String] {
    declared.flatMap { target, needs in
      needs.compactMap { need in
        if let allowed = Self.doors[need], !allowed.contains(target) {
          return "Package.swift: \(target) may not depend on \(need): that is the door of "
            + allowed.sorted().joined(separator: ", ") + "."
        }
        guard let own = Self.order.firstIndex(of: target) else {
          return "Package.swift: \(target) has no place in the order: add it to Arrows."
        }
        guard let other = Self.order.firstIndex(of: need) else { return nil }
        return other < own
          ? nil
          : "Package.swift: \(target) may not depend on \(need), which comes after it: the type is in the wrong module."
      }
    }
  }

  /// Imports of a source file that the manifest or the doors do not allow.
  func faults(in text: String, at path: String) -> [String] {
    let module = module(of: path)
    let needs = declared.first { $0.target == module }?.needs ?? []
    return HouseRule.lines(text).enumerated().compactMap { number, line in
      guard let name = Self.imported(by: line) else { return nil }
      let place = "\(path):\(number + 1): "
      if let allowed = Self.doors[name], !allowed.contains(module) {
        return place + "\(module) may not import \(name): pass the value in. Its door is "
          + allowed.sorted().joined(separator: ", ") + "."
      }
      if Self.doors[name] == nil, !needs.contains(name) {
        return place + "\(module) does not depend on \(name): say so in Package.swift, if the arrow may point there."
      }
      return nil
    }
  }

  /// The module that a line imports: `@preconcurrency import struct Web.Page` imports `Web`.
  private static func imported(by line: Substring) -> String? {
    var words = line.split(separator: " ")
    while let first = words.first, first.hasPrefix("@") || ["package", "internal", "public"].contains(first) {
      words.removeFirst()
    }
    guard words.first == "import", words.count > 1, let last = words.last else { return nil }
    return last.split(separator: ".").first.map(String.init)
  }
}
