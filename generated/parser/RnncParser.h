
// Generated from Rnnc.g4 by ANTLR 4.7.2

#pragma once


#include "antlr4-runtime.h"


namespace rnnc::dsl::grammar {


class  RnncParser : public antlr4::Parser {
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

  enum {
    RuleFile = 0, RuleFileItem = 1, RuleTopLevel = 2, RuleImportDeclaration = 3, 
    RuleConstant = 4, RuleFunction = 5, RuleUnit = 6, RuleDimension = 7, 
    RuleBlock = 8, RuleMember = 9, RulePlainMember = 10, RuleMisplaced = 11, 
    RuleDeclaration = 12, RuleDeclarationItem = 13, RuleShape = 14, RuleQualifier = 15, 
    RuleOutput = 16, RuleOutputItem = 17, RuleLoss = 18, RuleLoop = 19, 
    RuleEquation = 20, RuleExpression = 21, RulePrimary = 22, RuleArgument = 23, 
    RuleSubscript = 24, RuleSeparator = 25, RuleIdentifier = 26
  };

  RnncParser(antlr4::TokenStream *input);
  ~RnncParser();

  virtual std::string getGrammarFileName() const override;
  virtual const antlr4::atn::ATN& getATN() const override { return _atn; };
  virtual const std::vector<std::string>& getTokenNames() const override { return _tokenNames; }; // deprecated: use vocabulary instead.
  virtual const std::vector<std::string>& getRuleNames() const override;
  virtual antlr4::dfa::Vocabulary& getVocabulary() const override;


  class FileContext;
  class FileItemContext;
  class TopLevelContext;
  class ImportDeclarationContext;
  class ConstantContext;
  class FunctionContext;
  class UnitContext;
  class DimensionContext;
  class BlockContext;
  class MemberContext;
  class PlainMemberContext;
  class MisplacedContext;
  class DeclarationContext;
  class DeclarationItemContext;
  class ShapeContext;
  class QualifierContext;
  class OutputContext;
  class OutputItemContext;
  class LossContext;
  class LoopContext;
  class EquationContext;
  class ExpressionContext;
  class PrimaryContext;
  class ArgumentContext;
  class SubscriptContext;
  class SeparatorContext;
  class IdentifierContext; 

  class  FileContext : public antlr4::ParserRuleContext {
  public:
    FileContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *EOF();
    std::vector<SeparatorContext *> separator();
    SeparatorContext* separator(size_t i);
    std::vector<FileItemContext *> fileItem();
    FileItemContext* fileItem(size_t i);

   
  };

  FileContext* file();

  class  FileItemContext : public antlr4::ParserRuleContext {
  public:
    FileItemContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    TopLevelContext *topLevel();
    PlainMemberContext *plainMember();

   
  };

  FileItemContext* fileItem();

  class  TopLevelContext : public antlr4::ParserRuleContext {
  public:
    TopLevelContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    UnitContext *unit();
    ImportDeclarationContext *importDeclaration();
    FunctionContext *function();
    ConstantContext *constant();

   
  };

  TopLevelContext* topLevel();

  class  ImportDeclarationContext : public antlr4::ParserRuleContext {
  public:
    ImportDeclarationContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *IMPORT();
    antlr4::tree::TerminalNode *STRING();

   
  };

  ImportDeclarationContext* importDeclaration();

  class  ConstantContext : public antlr4::ParserRuleContext {
  public:
    ConstantContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *CONST();
    IdentifierContext *identifier();
    antlr4::tree::TerminalNode *ASSIGN();
    ExpressionContext *expression();

   
  };

  ConstantContext* constant();

  class  FunctionContext : public antlr4::ParserRuleContext {
  public:
    FunctionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *FN();
    std::vector<IdentifierContext *> identifier();
    IdentifierContext* identifier(size_t i);
    antlr4::tree::TerminalNode *OPEN_PAREN();
    antlr4::tree::TerminalNode *CLOSE_PAREN();
    antlr4::tree::TerminalNode *ASSIGN();
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    antlr4::tree::TerminalNode *DERIVATIVE();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    std::vector<SeparatorContext *> separator();
    SeparatorContext* separator(size_t i);

   
  };

  FunctionContext* function();

  class  UnitContext : public antlr4::ParserRuleContext {
  public:
    UnitContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    IdentifierContext *identifier();
    BlockContext *block();
    antlr4::tree::TerminalNode *CELL();
    antlr4::tree::TerminalNode *MODEL();
    antlr4::tree::TerminalNode *OPEN_PAREN();
    antlr4::tree::TerminalNode *CLOSE_PAREN();
    std::vector<DimensionContext *> dimension();
    DimensionContext* dimension(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  UnitContext* unit();

  class  DimensionContext : public antlr4::ParserRuleContext {
  public:
    DimensionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    IdentifierContext *identifier();
    antlr4::tree::TerminalNode *ASSIGN();
    ExpressionContext *expression();

   
  };

  DimensionContext* dimension();

  class  BlockContext : public antlr4::ParserRuleContext {
  public:
    BlockContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *OPEN_BRACE();
    antlr4::tree::TerminalNode *CLOSE_BRACE();
    std::vector<SeparatorContext *> separator();
    SeparatorContext* separator(size_t i);
    std::vector<MemberContext *> member();
    MemberContext* member(size_t i);

   
  };

  BlockContext* block();

  class  MemberContext : public antlr4::ParserRuleContext {
  public:
    MemberContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    PlainMemberContext *plainMember();
    MisplacedContext *misplaced();

   
  };

  MemberContext* member();

  class  PlainMemberContext : public antlr4::ParserRuleContext {
  public:
    PlainMemberContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    DeclarationContext *declaration();
    OutputContext *output();
    LossContext *loss();
    LoopContext *loop();
    EquationContext *equation();

   
  };

  PlainMemberContext* plainMember();

  class  MisplacedContext : public antlr4::ParserRuleContext {
  public:
    MisplacedContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    ImportDeclarationContext *importDeclaration();
    FunctionContext *function();
    ConstantContext *constant();

   
  };

  MisplacedContext* misplaced();

  class  DeclarationContext : public antlr4::ParserRuleContext {
  public:
    DeclarationContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<DeclarationItemContext *> declarationItem();
    DeclarationItemContext* declarationItem(size_t i);
    antlr4::tree::TerminalNode *INPUT();
    antlr4::tree::TerminalNode *TARGET();
    antlr4::tree::TerminalNode *STATE();
    antlr4::tree::TerminalNode *PARAM();
    std::vector<QualifierContext *> qualifier();
    QualifierContext* qualifier(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  DeclarationContext* declaration();

  class  DeclarationItemContext : public antlr4::ParserRuleContext {
  public:
    DeclarationItemContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    IdentifierContext *identifier();
    antlr4::tree::TerminalNode *COLON();
    ShapeContext *shape();
    antlr4::tree::TerminalNode *ASSIGN();
    ExpressionContext *expression();

   
  };

  DeclarationItemContext* declarationItem();

  class  ShapeContext : public antlr4::ParserRuleContext {
  public:
    ShapeContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *OPEN_BRACKET();
    antlr4::tree::TerminalNode *CLOSE_BRACKET();
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
    antlr4::tree::TerminalNode *INDEX();
    antlr4::tree::TerminalNode *OPEN_PAREN();
    antlr4::tree::TerminalNode *CLOSE_PAREN();

   
  };

  ShapeContext* shape();

  class  QualifierContext : public antlr4::ParserRuleContext {
  public:
    QualifierContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *PER();
    antlr4::tree::TerminalNode *ROW();
    antlr4::tree::TerminalNode *OVER();
    IdentifierContext *identifier();

   
  };

  QualifierContext* qualifier();

  class  OutputContext : public antlr4::ParserRuleContext {
  public:
    OutputContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *OUTPUT();
    std::vector<OutputItemContext *> outputItem();
    OutputItemContext* outputItem(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);

   
  };

  OutputContext* output();

  class  OutputItemContext : public antlr4::ParserRuleContext {
  public:
    OutputItemContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    IdentifierContext *identifier();
    antlr4::tree::TerminalNode *ASSIGN();
    ExpressionContext *expression();

   
  };

  OutputItemContext* outputItem();

  class  LossContext : public antlr4::ParserRuleContext {
  public:
    LossContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *LOSS();
    ExpressionContext *expression();

   
  };

  LossContext* loss();

  class  LoopContext : public antlr4::ParserRuleContext {
  public:
    LoopContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *FOR();
    IdentifierContext *identifier();
    antlr4::tree::TerminalNode *IN();
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    antlr4::tree::TerminalNode *DOTS();
    BlockContext *block();

   
  };

  LoopContext* loop();

  class  EquationContext : public antlr4::ParserRuleContext {
  public:
    EquationContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    IdentifierContext *identifier();
    antlr4::tree::TerminalNode *ASSIGN();
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    antlr4::tree::TerminalNode *OPEN_BRACKET();
    antlr4::tree::TerminalNode *CLOSE_BRACKET();

   
  };

  EquationContext* equation();

  class  ExpressionContext : public antlr4::ParserRuleContext {
  public:
    ExpressionContext(antlr4::ParserRuleContext *parent, size_t invokingState);
   
    ExpressionContext() = default;
    void copyFrom(ExpressionContext *context);
    using antlr4::ParserRuleContext::copyFrom;

    virtual size_t getRuleIndex() const override;

   
  };

  class  CallContext : public ExpressionContext {
  public:
    CallContext(ExpressionContext *ctx);

    ExpressionContext *expression();
    antlr4::tree::TerminalNode *OPEN_PAREN();
    antlr4::tree::TerminalNode *CLOSE_PAREN();
    std::vector<ArgumentContext *> argument();
    ArgumentContext* argument(size_t i);
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
  };

  class  PrefixContext : public ExpressionContext {
  public:
    PrefixContext(ExpressionContext *ctx);

    antlr4::Token *sign = nullptr;
    ExpressionContext *expression();
    antlr4::tree::TerminalNode *REVERSE();
    antlr4::tree::TerminalNode *MINUS();
    antlr4::tree::TerminalNode *NOT();
  };

  class  BinaryContext : public ExpressionContext {
  public:
    BinaryContext(ExpressionContext *ctx);

    antlr4::Token *sign = nullptr;
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    antlr4::tree::TerminalNode *POWER();
    antlr4::tree::TerminalNode *STAR();
    antlr4::tree::TerminalNode *SLASH();
    antlr4::tree::TerminalNode *PERCENT();
    antlr4::tree::TerminalNode *AT();
    antlr4::tree::TerminalNode *PLUS();
    antlr4::tree::TerminalNode *MINUS();
    antlr4::tree::TerminalNode *LESS();
    antlr4::tree::TerminalNode *LESS_EQUAL();
    antlr4::tree::TerminalNode *GREATER();
    antlr4::tree::TerminalNode *GREATER_EQUAL();
    antlr4::tree::TerminalNode *EQUAL();
    antlr4::tree::TerminalNode *NOT_EQUAL();
    antlr4::tree::TerminalNode *AND();
    antlr4::tree::TerminalNode *OR();
  };

  class  IndexContext : public ExpressionContext {
  public:
    IndexContext(ExpressionContext *ctx);

    ExpressionContext *expression();
    antlr4::tree::TerminalNode *OPEN_BRACKET();
    std::vector<SubscriptContext *> subscript();
    SubscriptContext* subscript(size_t i);
    antlr4::tree::TerminalNode *CLOSE_BRACKET();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
  };

  class  MemberOfContext : public ExpressionContext {
  public:
    MemberOfContext(ExpressionContext *ctx);

    ExpressionContext *expression();
    antlr4::tree::TerminalNode *DOT();
    IdentifierContext *identifier();
  };

  class  TransposeContext : public ExpressionContext {
  public:
    TransposeContext(ExpressionContext *ctx);

    ExpressionContext *expression();
    antlr4::tree::TerminalNode *PRIME();
  };

  class  AtomContext : public ExpressionContext {
  public:
    AtomContext(ExpressionContext *ctx);

    PrimaryContext *primary();
  };

  ExpressionContext* expression();
  ExpressionContext* expression(int precedence);
  class  PrimaryContext : public antlr4::ParserRuleContext {
  public:
    PrimaryContext(antlr4::ParserRuleContext *parent, size_t invokingState);
   
    PrimaryContext() = default;
    void copyFrom(PrimaryContext *context);
    using antlr4::ParserRuleContext::copyFrom;

    virtual size_t getRuleIndex() const override;

   
  };

  class  NumberContext : public PrimaryContext {
  public:
    NumberContext(PrimaryContext *ctx);

    antlr4::tree::TerminalNode *NUMBER();
  };

  class  NameContext : public PrimaryContext {
  public:
    NameContext(PrimaryContext *ctx);

    IdentifierContext *identifier();
  };

  class  ListContext : public PrimaryContext {
  public:
    ListContext(PrimaryContext *ctx);

    antlr4::tree::TerminalNode *OPEN_BRACKET();
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    antlr4::tree::TerminalNode *CLOSE_BRACKET();
    std::vector<antlr4::tree::TerminalNode *> COMMA();
    antlr4::tree::TerminalNode* COMMA(size_t i);
  };

  class  ParenthesisedContext : public PrimaryContext {
  public:
    ParenthesisedContext(PrimaryContext *ctx);

    antlr4::tree::TerminalNode *OPEN_PAREN();
    ExpressionContext *expression();
    antlr4::tree::TerminalNode *CLOSE_PAREN();
  };

  PrimaryContext* primary();

  class  ArgumentContext : public antlr4::ParserRuleContext {
  public:
    ArgumentContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    ExpressionContext *expression();
    IdentifierContext *identifier();
    antlr4::tree::TerminalNode *ASSIGN();

   
  };

  ArgumentContext* argument();

  class  SubscriptContext : public antlr4::ParserRuleContext {
  public:
    SubscriptContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    std::vector<ExpressionContext *> expression();
    ExpressionContext* expression(size_t i);
    antlr4::tree::TerminalNode *COLON();

   
  };

  SubscriptContext* subscript();

  class  SeparatorContext : public antlr4::ParserRuleContext {
  public:
    SeparatorContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *NEWLINE();
    antlr4::tree::TerminalNode *SEMICOLON();

   
  };

  SeparatorContext* separator();

  class  IdentifierContext : public antlr4::ParserRuleContext {
  public:
    IdentifierContext(antlr4::ParserRuleContext *parent, size_t invokingState);
    virtual size_t getRuleIndex() const override;
    antlr4::tree::TerminalNode *NAME();
    antlr4::tree::TerminalNode *DERIVATIVE();
    antlr4::tree::TerminalNode *IN();
    antlr4::tree::TerminalNode *INDEX();
    antlr4::tree::TerminalNode *ROW();

   
  };

  IdentifierContext* identifier();


  virtual bool sempred(antlr4::RuleContext *_localctx, size_t ruleIndex, size_t predicateIndex) override;
  bool expressionSempred(ExpressionContext *_localctx, size_t predicateIndex);

private:
  static std::vector<antlr4::dfa::DFA> _decisionToDFA;
  static antlr4::atn::PredictionContextCache _sharedContextCache;
  static std::vector<std::string> _ruleNames;
  static std::vector<std::string> _tokenNames;

  static std::vector<std::string> _literalNames;
  static std::vector<std::string> _symbolicNames;
  static antlr4::dfa::Vocabulary _vocabulary;
  static antlr4::atn::ATN _atn;
  static std::vector<uint16_t> _serializedATN;


  struct Initializer {
    Initializer();
  };
  static Initializer _init;
};

}  // namespace rnnc::dsl::grammar
