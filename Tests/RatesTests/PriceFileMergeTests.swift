import Foundation
import Rates
import Testing
import Units

/// New cards in the texts of price files.
@Suite struct PriceFileMergeTests {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../pricing").standardized

  @Test func `every price file stands in the form that is written`() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path)
      .filter { $0.hasSuffix(".json") }
    #expect(names.count > 20)
    for name in names {
      let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
      #expect(PriceFileText.text(of: try JSONTree(parsing: text)) == text, "\(name)")
    }
  }

  private static let acme = """
    {
      "issuer": "acme",
      "also": ["acme-ai"],
      "route": "direct",
      "currency": "USD",
      "source": "acme.example",
      "read_on": "2026-03-01",
      "confidence": "A",
      "note": "A \\"note\\" stays.",
      "models": [
        {
          "model": "large",
          "aliases": ["large-2026"],
          "cards": [
            {
              "from": "2026-01-01",
              "per": "1M tokens",
              "rates": { "input": "4", "output": "8", "input_image": "=input" }
            },
            {
              "from": "2026-01-01",
              "when": { "region": "us" },
              "per": "1M tokens",
              "rates": { "input": "4.4", "output": "8.8" },
              "bands": [
                { "over": 200000, "rates": { "input": "8", "output": "16" } }
              ]
            }
          ]
        }
      ]
    }

    """

  private static func merged(_ source: PriceSource, _ text: String) throws -> [(name: String, text: String)] {
    var reader = RateFileReader(digest: { "\($0.utf8.count)" })
    reader.read(acme, file: "acme.json")
    let book = try reader.book(origin: "test")
    var choice = PriceReview.Choice(from: Listing.today, today: Listing.today)
    choice.accepted = ["all"]
    choice.allIssuers = true
    let review = PriceReview(of: try Listing.of(source, text), from: source, against: book, choice)
    var merge = try PriceFileMerge(
      files: [("acme.json", acme)], names: book,
      origin: PriceFileMerge.Origin(source: "a list, sha256 00", readOn: Listing.today))
    for entry in review.writable { merge.add(entry) }
    // What is written reads back, and changes nothing when it is imported again.
    var after = RateFileReader(digest: { "\($0.utf8.count)" })
    for file in merge.texts { after.read(file.text, file: file.name) }
    let again = PriceReview(
      of: try Listing.of(source, text), from: source, against: try after.book(origin: "after"), choice)
    #expect(again.writable.isEmpty && again.faults.isEmpty)
    return merge.texts
  }

  @Test func `a card stands behind those of its conditions, which stay letter by letter`() throws {
    let text =
      #"{"large":{"litellm_provider":"acme","input_cost_per_token":5e-06,"output_cost_per_token":8e-06,"search_context_cost_per_query":{"a":0.01},"input_cost_per_token_above_200k_tokens":1e-05}}"#
    let files = try Self.merged(.litellm, text)
    #expect(files.map(\.name) == ["acme.json"])
    let first = """
                "rates": { "input": "4", "output": "8", "input_image": "=input" }
              },

      """
    let card = """
              {
                "from": "2026-11-21",
                "per": "1M tokens",
                "rates": { "input": "5", "output": "8", "input_image": "=input", "searches": { "usd": "10", "per": "1K searches" } },
                "bands": [
                  { "over": 200000, "rates": { "input": "10", "output": "8", "input_image": "=input", "searches": { "usd": "10", "per": "1K searches" } } }
                ],
                "source": "a list, sha256 00",
                "read_on": "2026-11-21",
                "confidence": "B"
              },

      """
    let wanted = Self.acme.replacing(first, with: first + card)
    #expect(files.first?.text == wanted)
  }

  @Test func `a new model stands at the end, a new issuer in a file of its own`() throws {
    let text =
      #"{"acme":{"models":{"small":{"cost":{"input":0.15,"output":0.6}}}},"Other_Co":{"models":{"x/y":{"cost":{"input":1,"output":2}}}}}"#
    let files = try Self.merged(.modelsDev, text)
    #expect(files.map(\.name) == ["acme.json", "other-co.json"])
    #expect(
      files.first?.text.hasSuffix(
        """
            {
              "model": "small",
              "cards": [
                {
                  "from": "2026-11-21",
                  "per": "1M tokens",
                  "rates": { "input": "0.15", "output": "0.6" },
                  "source": "a list, sha256 00",
                  "read_on": "2026-11-21",
                  "confidence": "B"
                }
              ]
            }
          ]
        }

        """) == true)
    #expect(
      files.last?.text == """
        {
          "issuer": "other_co",
          "route": "direct",
          "currency": "USD",
          "rounding": "half_even",
          "source": "a list, sha256 00",
          "read_on": "2026-11-21",
          "confidence": "B",
          "models": [
            {
              "model": "x/y",
              "cards": [
                {
                  "from": "2026-11-21",
                  "per": "1M tokens",
                  "rates": { "input": "1", "output": "2" }
                }
              ]
            }
          ]
        }

        """)
  }

  @Test func `a route of Hugging Face rounds up and names its provider`() throws {
    let text =
      #"{"data":[{"id":"org/large","providers":[{"provider":"fireworks-ai","pricing":{"input":1,"output":2}}]}]}"#
    let file = try #require(try Self.merged(.hfRouter, text).first)
    #expect(file.name == "huggingface.json")
    for line in [
      #""route": "huggingface","#, #""rounding": "up","#, #""bills": "success","#, #""provider": "fireworks-ai","#,
    ] {
      #expect(file.text.contains(line), "\(line)")
    }
  }
}
