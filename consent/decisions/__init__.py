"""What each of them allows: channels, wordings, the ledger of answers, and the rules that follow from it."""
