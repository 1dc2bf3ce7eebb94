import Books
import Calls
import Rates

/// Where the dimensions of the running process stand in the ledger, with their cards.
///
/// A dimension is stored when its first call is booked, so that its row lies in that call's batch.
/// Numbers are the batches' own; ids are the ledger's.
struct StoredDimensions {
  /// By number: id in the ledger, or 0 while it is not stored.
  private(set) var ids: ContiguousArray<Int64> = []
  /// By number: whether the calls' margin is known.
  private(set) var marginKnown: ContiguousArray<Bool> = []
  /// By number: which accounts its entries move, as an index of ``rules``; -1 while not stored.
  private(set) var ruleNumbers: ContiguousArray<Int32> = []
  private var dimensions: ContiguousArray<Dimension> = []

  /// Every set of accounts that a dimension's entries move.
  private(set) var rules: ContiguousArray<EntryRules> = []
  private var ruleNumber: [[String]: Int32] = [:]
  /// The same by what the accounts' names are made of, so that they need not be made for each dimension.
  private var ruleOfNames: [AccountNames: Int32] = [:]
  private var cardIDs: [String: Int64] = [:]

  /// What the open batch stored, in the order of its rows.
  private(set) var addedDimensions: [AddedDimension] = []
  private(set) var addedCards: [AddedCard] = []
  private var storedNumbers: [Int] = []
  private var before: Before?

  struct AddedDimension {
    let id: Int64
    let texts: [String]
    let numbers: [Int64]
  }

  struct AddedCard {
    let id: Int64
    let card: RateCard
    let digest: [UInt8]
  }

  private struct AccountNames: Hashable {
    let team, project, issuer, route, provider: String
  }

  /// What there was before the open batch; all of it where that begins the numbers anew.
  private struct Before {
    let count: Int
    var whole: Whole?
  }

  private struct Whole {
    let ids: ContiguousArray<Int64>
    let marginKnown: ContiguousArray<Bool>
    let ruleNumbers: ContiguousArray<Int32>
    let dimensions: ContiguousArray<Dimension>
    let rules: ContiguousArray<EntryRules>
    let ruleNumber: [[String]: Int32]
    let ruleOfNames: [AccountNames: Int32]
  }

  init(_ statements: BookingStatements) throws(StoreFault) {
    while try statements.cards.step() {
      cardIDs[statements.cards.text(1)] = statements.cards.int64(0)
    }
  }

  subscript(number: Int32) -> Dimension { dimensions[Int(number)] }

  // MARK: - Batches

  mutating func begin(_ batch: BookBatch) {
    addedDimensions.removeAll()
    addedCards.removeAll()
    storedNumbers.removeAll()
    before = Before(count: ids.count)
    if batch.startsDimensions {
      before?.whole = Whole(
        ids: ids, marginKnown: marginKnown, ruleNumbers: ruleNumbers, dimensions: dimensions, rules: rules,
        ruleNumber: ruleNumber, ruleOfNames: ruleOfNames)
      ids.removeAll()
      marginKnown.removeAll()
      ruleNumbers.removeAll()
      dimensions.removeAll()
      rules.removeAll()
      ruleNumber.removeAll()
      ruleOfNames.removeAll()
    }
    for dimension in batch.newDimensions {
      ids.append(0)
      marginKnown.append(dimension.marginKnown)
      ruleNumbers.append(-1)
      dimensions.append(dimension)
    }
  }

  /// The batch is on disk.
  mutating func keep() { before = nil }

  /// The batch is not on disk: numbers and ids are as they were before it.
  mutating func rollBack() {
    guard let before else { return }
    if let whole = before.whole {
      (ids, marginKnown, ruleNumbers, dimensions) = (
        whole.ids, whole.marginKnown, whole.ruleNumbers, whole.dimensions
      )
      (rules, ruleNumber, ruleOfNames) = (whole.rules, whole.ruleNumber, whole.ruleOfNames)
    } else {
      for number in storedNumbers { ids[number] = 0 }
      ids.removeLast(ids.count - before.count)
      marginKnown.removeLast(marginKnown.count - before.count)
      ruleNumbers.removeLast(ruleNumbers.count - before.count)
      dimensions.removeLast(dimensions.count - before.count)
    }
    for added in addedCards { cardIDs[added.card.digest] = nil }
    self.before = nil
  }

  // MARK: - Storing

  /// The id of a dimension, which is stored now unless it was before.
  mutating func store(
    _ number: Int32, batch: Int64, _ statements: BookingStatements, _ database: Database
  ) throws(StoreFault) -> Int64 {
    let place = Int(number)
    let dimension = dimensions[place]
    let id = try self.id(of: dimension, batch: batch, statements, database)
    ids[place] = id
    ruleNumbers[place] = ruleNumber(of: dimension)
    storedNumbers.append(place)
    return id
  }

  /// The id of a dimension that needs no number: stored now, unless it was before.
  mutating func id(
    of dimension: Dimension, batch: Int64, _ statements: BookingStatements, _ database: Database
  ) throws(StoreFault) -> Int64 {
    let numbers: [Int64] = [
      dimension.providerInferred ? 1 : 0,
      try cardID(dimension.card, batch: batch, statements, database),
      try cardID(dimension.direct, batch: batch, statements, database),
      Int64(dimension.band),
      dimension.card == nil ? Int64((dimension.reason ?? .noCardInForce).rawValue) : 0,
    ]
    let texts = dimension.subject.texts
    let find = statements.findDimension
    Self.bind(texts, numbers, to: find)
    let id: Int64
    if try find.step() {
      id = find.int64(0)
      find.reset()
    } else {
      let insert = statements.insertDimension
      Self.bind(texts, numbers, to: insert)
      insert.bind(Int32(texts.count + numbers.count + 1), batch)
      try insert.run()
      id = database.lastInsertedRow
      addedDimensions.append(AddedDimension(id: id, texts: texts, numbers: numbers))
    }
    return id
  }

  private static func bind(_ texts: [String], _ numbers: [Int64], to statement: Statement) {
    var place: Int32 = 1
    for text in texts {
      statement.bind(place, text)
      place += 1
    }
    for number in numbers {
      statement.bind(place, number)
      place += 1
    }
  }

  private mutating func ruleNumber(of dimension: Dimension) -> Int32 {
    let subject = dimension.subject
    let names = AccountNames(
      team: subject.team, project: subject.project, issuer: subject.issuer, route: subject.route,
      provider: subject.provider)
    if let number = ruleOfNames[names] { return number }
    let made = EntryRules(for: dimension)
    // Names that differ may come to the same accounts.
    let key = [made.expense, made.accrued, made.margin, made.unpriced].map(\.name)
    let number = ruleNumber[key] ?? Int32(rules.count)
    if Int(number) == rules.count {
      rules.append(made)
      ruleNumber[key] = number
    }
    ruleOfNames[names] = number
    return number
  }

  /// The id of a card, which is stored now unless it was before; 0 for none.
  private mutating func cardID(
    _ card: RateCard?, batch: Int64, _ statements: BookingStatements, _ database: Database
  ) throws(StoreFault) -> Int64 {
    guard let card else { return 0 }
    if let id = cardIDs[card.digest] { return id }
    let digest = bytes(hex: card.digest)
    let insert = statements.insertCard
    insert.bind(1, blob: digest)
    insert.bind(2, card.file)
    insert.bind(3, card.text)
    insert.bind(4, batch)
    try insert.run()
    let id = database.lastInsertedRow
    cardIDs[card.digest] = id
    addedCards.append(AddedCard(id: id, card: card, digest: digest))
    return id
  }
}

extension Subject {
  /// Every text, in the order of the ledger's columns.
  package var texts: [String] {
    [
      team, project, user, key, environment, tags, route, provider, issuer, model, operation, tier,
      region, variant,
    ]
  }
}

/// The bytes that hexadecimal digits stand for; digits of our own making.
func bytes(hex text: String) -> [UInt8] {
  let digits = text.utf8.map { byte in byte | 0x20 >= 97 ? (byte | 0x20) - 87 : byte - 48 }
  return stride(from: 0, to: digits.count - 1, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
}
