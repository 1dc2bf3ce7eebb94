import Units

/// A public list of prices that cards can be made of.
package enum PriceSource: String, CaseIterable, Sendable {
  case hfRouter = "hf-router"
  case litellm
  case genaiPrices = "genai-prices"
  case modelsDev = "models-dev"
  case openrouter

  /// Where the list is published.
  package var address: String {
    switch self {
    case .hfRouter: "https://router.huggingface.co/v1/models"
    case .litellm:
      "https://raw.githubusercontent.com/BerriAI/litellm/main/model_prices_and_context_window.json"
    case .genaiPrices:
      "https://raw.githubusercontent.com/pydantic/genai-prices/main/prices/new_data/v2/data.json"
    case .modelsDev: "https://models.dev/api.json"
    case .openrouter: "https://openrouter.ai/api/v1/models"
    }
  }

  /// How a card's `source` names it.
  package var title: String {
    switch self {
    case .hfRouter: "Hugging Face router, list of models"
    case .litellm: "LiteLLM (MIT), model_prices_and_context_window.json"
    case .genaiPrices: "genai-prices (MIT), data.json"
    case .modelsDev: "models.dev (MIT), api.json"
    case .openrouter: "OpenRouter, list of models"
    }
  }

  /// Whether it lists what many issuers ask, rather than what it asks itself.
  package var isAggregator: Bool { self != .hfRouter && self != .openrouter }

  /// Reads the source's document.
  ///
  /// `windows` says whether prices by the hour become cards; see ``PriceWindow/areCards``.
  ///
  /// - Throws: ``ListingFault`` when the document is not of the source's shape at all. Faults of
  ///   single prices stand in the listing.
  package func listing(
    of text: String, today: Day, windows: Bool = PriceWindow.areCards
  ) throws(ListingFault) -> PriceListing {
    let tree: JSONTree
    do { tree = try JSONTree(parsing: text) } catch {
      throw ListingFault(source: self, line: error.line, what: "it is not JSON: \(error.what)")
    }
    var reader = ListingReader(source: self, today: today, windows: windows)
    switch self {
    case .hfRouter: try reader.readHFRouter(tree)
    case .litellm: try reader.readLiteLLM(tree)
    case .genaiPrices: try reader.readGenAIPrices(tree)
    case .modelsDev: try reader.readModelsDev(tree)
    case .openrouter: try reader.readOpenRouter(tree)
    }
    guard reader.listing.models > 0 else {
      throw ListingFault(source: self, line: tree.line, what: "it lists no model")
    }
    return reader.listing
  }
}

/// Why a document is no list of a source's prices.
package struct ListingFault: Error, Hashable, Sendable, CustomStringConvertible {
  package let source: PriceSource
  package let line: Int
  package let what: String

  package init(source: PriceSource, line: Int, what: String) {
    self.source = source
    self.line = line
    self.what = what
  }

  package var description: String {
    "The document is not what \(source.rawValue) publishes: line \(line): \(what). "
      + "Look at it, or wait for a version that knows its new shape."
  }
}
