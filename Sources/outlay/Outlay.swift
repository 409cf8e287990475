import ArgumentParser
@main struct Outlay: AsyncParsableCommand {}
