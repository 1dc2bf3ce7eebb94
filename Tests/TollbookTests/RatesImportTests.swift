import Foundation
import Rates
import Sidecar
import TestSupport
import Testing

@testable import tollbook

/// `rates import` as it is typed: what it says, and what it writes.
@Suite struct RatesImportTests {
  /// Cards of a fresh folder, and lists of every source beside them.
  private static let lists = [
    "litellm.json": #"""
    {
      "sample_spec": {"input_cost_per_token": 0.0},
      "together_ai/large": {
        "litellm_provider": "together_ai", "mode": "chat",
        "input_cost_per_token": 1.25e-06, "cache_read_input_token_cost": 5e-07, "output_cost_per_token": 2e-06
      },
      "together_ai/new": {
        "litellm_provider": "together_ai", "mode": "chat",
        "input_cost_per_token": 1.5e-07, "output_cost_per_token": 6e-07,
        "input_cost_per_token_above_200k_tokens": 3e-07, "input_cost_per_token_batches": 7.5e-08
      },
      "together_ai/odd": {
        "litellm_provider": "together_ai", "mode": "chat", "input_cost_per_token": 0.15, "output_cost_per_token": 0.6
      },
      "fal_ai/flux": {
        "litellm_provider": "fal_ai", "mode": "image_generation", "output_cost_per_image": 0.002
      },
      "stranger/large": {
        "litellm_provider": "stranger", "mode": "chat", "input_cost_per_token": 1e-06
      }
    }
    """#,
    "router.json": #"""
    {"data":[
      {"id":"org/large","providers":[
        {"provider":"together","status":"live","pricing":{"input":1.1,"output":2.2}},
        {"provider":"novita","status":"live","is_free":true,"pricing":{"input":0,"output":0}}]}]}
    """#,
  ]

  private struct Folder: ~Copyable {
    let sample: SampleLedger
    let lists: String
    let pricing: String

    private init(sample: consuming SampleLedger) {
      lists = sample.folder + "/lists"
      pricing = sample.folder + "/pricing"
      self.sample = sample
    }

    static func new() throws -> Folder {
      let folder = Folder(sample: try SampleLedger([]))
      try fill(lists: folder.lists, pricing: folder.pricing)
      return folder
    }

    private static func fill(lists: String, pricing: String) throws {
      for (folder, files) in [(lists, RatesImportTests.lists), (pricing, SampleLedger.rateFiles)] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files {
          try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
        }
      }
      // `fal_ai` and `together_ai` are other names here as in the cards that come with the program.
      for (name, other) in [("fal", "fal_ai"), ("together", "together_ai")] {
        let path = "\(pricing)/\(name).json"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacing("\"issuer\":\"\(name)\",", with: "\"issuer\":\"\(name)\",\"also\":[\"\(other)\"],")
          .write(toFile: path, atomically: true, encoding: .utf8)
      }
    }

    /// Every file of the price folder, by name.
    func files() throws -> [String: String] {
      var files: [String: String] = [:]
      for name in try FileManager.default.contentsOfDirectory(atPath: pricing) {
        files[name] = try String(contentsOfFile: "\(pricing)/\(name)", encoding: .utf8)
      }
      return files
    }

    func ask(_ command: String) throws -> Answer {
      let words = command.split(separator: " ").map {
        String($0).replacing("LISTS", with: lists).replacing("PRICING", with: pricing)
      }
      return try sample.ask(words)
    }
  }

  @Test func `a review, and what is written of it`() throws {
    let folder = try Folder.new()
    var text = ""
    for command in [
      "rates import litellm --file LISTS/litellm.json --pricing PRICING",
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --json",
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --issuer fal --accept flux",
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --issuer all --from 2026-12-01",
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --write PRICING",
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --write PRICING --accept flux",
      "rates check --pricing PRICING", "rates import litellm --file LISTS/litellm.json --pricing PRICING",
      "rates import hf-router --file LISTS/router.json --pricing PRICING",
      "rates import hf-router --file LISTS/router.json --pricing PRICING/fresh",
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --accept lardge",
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --from soon",
      "rates import litellm --file LISTS/router.json --pricing PRICING",
      "rates import litellm --file LISTS/gone.json --pricing PRICING",
      "rates import litellm --url http://example.com/list --pricing PRICING",
    ] {
      let answer = try folder.ask(command)
      text += "$ tollbook \(command)\n\(folder.sample.scrubbed(answer.out))"
      if answer.exit != .clean { text += "(exits with \(answer.exit.rawValue))\n" }
      text += "\n"
    }
    for name in ["fal.json", "together.json"] { text += "\(name)\n" + (try folder.files()[name] ?? "") }
    try expectGolden(text, "rates-import.txt")
  }

  @Test func `without --write no file is touched`() throws {
    let folder = try Folder.new()
    let before = try folder.files()
    for list in ["litellm --file LISTS/litellm.json", "hf-router --file LISTS/router.json"] {
      _ = try folder.ask("rates import \(list) --pricing PRICING --issuer all --accept all")
    }
    #expect(try folder.files() == before)
  }

  /// What a server may do instead of sending a list.
  static let misdeeds: [(name: String, answer: LocalServer.Answer)] = [
    ("half of it", .status(200, "{\"a\":{\"litellm_provider\":\"x\"", length: 9_000)),
    ("half of it, with the right length", .status(200, "{\"a\":{\"litellm_provider\":\"x\"")),
    ("a page", .status(200, "<html>Sign in to this network</html>")),
    ("another shape", .status(200, "{\"data\":[]}")), ("nothing", .status(200)),
    ("no UTF-8", .raw(Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n".utf8) + [0xff, 0xfe])),
    ("a refusal", .status(403, "{}")), ("a redirect elsewhere", .redirect("https://example.com/")),
    ("more than any list has", .status(200, "{", length: 99_999_999_999)),
    ("a list of another source", .status(200, #"{"data":[{"id":"a","providers":[]}]}"#)),
    ("a shape that grew", .status(200, #"{"models":{"a":{"litellm_provider":"x"}}}"#)),
    ("garbage", .bytes("garbage\r\n\r\n")),
  ]

  @Test(arguments: misdeeds.indices) func `a list that does not come whole changes nothing`(place: Int) throws {
    let folder = try Folder.new()
    let before = try folder.files()
    let answer = Self.misdeeds[place].answer
    let server = try LocalServer { _, _ in answer }
    defer { server.stop() }
    let end = try folder.ask(
      "rates import litellm --url \(server.address)/list --pricing PRICING --write PRICING --accept all")
    #expect(end.exit == .failed && end.out.hasPrefix("tollbook: "), "\(Self.misdeeds[place].name): \(end.out)")
    #expect(try folder.files() == before)
  }

  @Test func `a list from the network is as good as from a file`() throws {
    let folder = try Folder.new()
    let list = try #require(Self.lists["litellm.json"])
    let server = try LocalServer { connection, _ in
      connection == 0 ? .status(503, "", "Retry-After: 1\r\n") : .status(200, list)
    }
    defer { server.stop() }
    let end = try folder.ask(
      "rates import litellm --url \(server.address)/list --pricing PRICING --write PRICING --accept flux")
    #expect(end.exit == .found && server.requests.count == 2)
    let written = try #require(try folder.files()["together.json"])
    #expect(written.contains("\(server.address)/list, sha256 \(PricingFolder.sha256(list))"))
    #expect(try folder.ask("rates check --pricing PRICING").exit == .clean)
  }

  @Test func `files that were not compared are not written over`() throws {
    let folder = try Folder.new()
    let other = folder.sample.folder + "/other"
    try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
    try "{}".write(toFile: other + "/together.json", atomically: true, encoding: .utf8)
    let end = try folder.ask(
      "rates import litellm --file LISTS/litellm.json --pricing PRICING --write \(other)")
    #expect(end.exit == .failed && end.out.contains("is not the file that the list was compared with"))
    #expect(try String(contentsOfFile: other + "/together.json", encoding: .utf8) == "{}")
    #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["together.json"])
  }

  @Test func `a folder that cannot be written is told, and left as it was`() throws {
    let folder = try Folder.new()
    // A folder stands where a file should be moved to: the last step of a write fails.
    let other = folder.sample.folder + "/other"
    try FileManager.default.createDirectory(atPath: other + "/huggingface.json", withIntermediateDirectories: true)
    #expect(throws: PricingWritingFault.self) {
      try PricingFolder.write([("huggingface.json", "{}")], into: other)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["huggingface.json"])
    // A name too long for the second file: the first is not there either.
    #expect(throws: PricingWritingFault.self) {
      try PricingFolder.write([("a.json", "{}"), (String(repeating: "b", count: 300), "{}")], into: other)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: other) == ["huggingface.json"])
  }
}
