
// Generated from Rnnc.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"


namespace rnnc::dsl::grammar {


class  RnncLexer : public antlr4::Lexer {
public:
  enum {
    IMPORT = 1, CONST = 2, FN = 3, CELL = 4, MODEL = 5, INPUT = 6, TARGET = 7, 
    STATE = 8, PARAM = 9, OUTPUT = 10, LOSS = 11, FOR = 12, AND = 13, OR = 14, 
    NOT = 15, REVERSE = 16, PER = 17, OVER = 18, DERIVATIVE = 19, IN = 20, 
    INDEX = 21, ROW = 22, OPEN_PAREN = 23, CLOSE_PAREN = 24, OPEN_BRACKET = 25, 
    CLOSE_BRACKET = 26, OPEN_BRACE = 27, CLOSE_BRACE = 28, COMMA = 29, SEMICOLON = 30, 
    COLON = 31, ASSIGN = 32, DOTS = 33, DOT = 34, PLUS = 35, MINUS = 36, 
    STAR = 37, SLASH = 38, PERCENT = 39, AT = 40, POWER = 41, LESS = 42, 
    LESS_EQUAL = 43, GREATER = 44, GREATER_EQUAL = 45, EQUAL = 46, NOT_EQUAL = 47, 
    PRIME = 48, NAME = 49, NUMBER = 50, STRING = 51, BAD_NUMBER = 52, OPEN_STRING = 53, 
    COMMENT = 54, SPACE = 55, NEWLINE = 56, STRAY = 57
  };

  RnncLexer(antlr4::CharStream *input);
  ~RnncLexer();

  virtual std::string getGrammarFileName() const override;
  virtual const std::vector<std::string>& getRuleNames() const override;

  virtual const std::vector<std::string>& getChannelNames() const override;
  virtual const std::vector<std::string>& getModeNames() const override;
  virtual const std::vector<std::string>& getTokenNames() const override; // deprecated, use vocabulary instead
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;

  virtual const std::vector<uint16_t> getSerializedATN() const override;
  virtual const antlr4::atn::ATN& getATN() const override;

private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;
  static std::vector<std::string> _channelNames;
  static std::vector<std::string> _modeNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  // Individual action functions triggered by action() above.

  // Individual semantic predicate functions triggered by sempred() above.

  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

}  // namespace rnnc::dsl::grammar
