
// Generated from Rnnc.g4 by ANTLR 4.7.2



#include "RnncParser.h"


using namespace antlrcpp;
using namespace rnnc::dsl::grammar;
using namespace antlr4;

RnncParser::RnncParser(TokenStream *input) : Parser(input) {
  _interpreter = new atn::ParserATNSimulator(this, _atn, _decisionToDFA, _sharedContextCache);
}

RnncParser::~RnncParser() {
  delete _interpreter;
}

std::string RnncParser::getGrammarFileName() const {
  return "Rnnc.g4";
}

const std::vector<std::string>& RnncParser::getRuleNames() const {
  return _ruleNames;
}

dfa::Vocabulary& RnncParser::getVocabulary() const {
  return _vocabulary;
}


//----------------- FileContext ------------------------------------------------------------------

RnncParser::FileContext::FileContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::FileContext::EOF() {
  return getToken(RnncParser::EOF, 0);
}

std::vector<RnncParser::SeparatorContext *> RnncParser::FileContext::separator() {
  return getRuleContexts<RnncParser::SeparatorContext>();
}

RnncParser::SeparatorContext* RnncParser::FileContext::separator(size_t i) {
  return getRuleContext<RnncParser::SeparatorContext>(i);
}

std::vector<RnncParser::FileItemContext *> RnncParser::FileContext::fileItem() {
  return getRuleContexts<RnncParser::FileItemContext>();
}

RnncParser::FileItemContext* RnncParser::FileContext::fileItem(size_t i) {
  return getRuleContext<RnncParser::FileItemContext>(i);
}


size_t RnncParser::FileContext::getRuleIndex() const {
  return RnncParser::RuleFile;
}


RnncParser::FileContext* RnncParser::file() {
  FileContext *_localctx = _tracker.createInstance<FileContext>(_ctx, getState());
  enterRule(_localctx, 0, RnncParser::RuleFile);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(58);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RnncParser::IMPORT)
      | (1ULL << RnncParser::CONST)
      | (1ULL << RnncParser::FN)
      | (1ULL << RnncParser::CELL)
      | (1ULL << RnncParser::MODEL)
      | (1ULL << RnncParser::INPUT)
      | (1ULL << RnncParser::TARGET)
      | (1ULL << RnncParser::STATE)
      | (1ULL << RnncParser::PARAM)
      | (1ULL << RnncParser::OUTPUT)
      | (1ULL << RnncParser::LOSS)
      | (1ULL << RnncParser::FOR)
      | (1ULL << RnncParser::DERIVATIVE)
      | (1ULL << RnncParser::IN)
      | (1ULL << RnncParser::INDEX)
      | (1ULL << RnncParser::ROW)
      | (1ULL << RnncParser::SEMICOLON)
      | (1ULL << RnncParser::NAME)
      | (1ULL << RnncParser::NEWLINE))) != 0)) {
      setState(56);
      _errHandler->sync(this);
      switch (_input->LA(1)) {
        case RnncParser::SEMICOLON:
        case RnncParser::NEWLINE: {
          setState(54);
          separator();
          break;
        }

        case RnncParser::IMPORT:
        case RnncParser::CONST:
        case RnncParser::FN:
        case RnncParser::CELL:
        case RnncParser::MODEL:
        case RnncParser::INPUT:
        case RnncParser::TARGET:
        case RnncParser::STATE:
        case RnncParser::PARAM:
        case RnncParser::OUTPUT:
        case RnncParser::LOSS:
        case RnncParser::FOR:
        case RnncParser::DERIVATIVE:
        case RnncParser::IN:
        case RnncParser::INDEX:
        case RnncParser::ROW:
        case RnncParser::NAME: {
          setState(55);
          fileItem();
          break;
        }

      default:
        throw NoViableAltException(this);
      }
      setState(60);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(61);
    match(RnncParser::EOF);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- FileItemContext ------------------------------------------------------------------

RnncParser::FileItemContext::FileItemContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::TopLevelContext* RnncParser::FileItemContext::topLevel() {
  return getRuleContext<RnncParser::TopLevelContext>(0);
}

RnncParser::PlainMemberContext* RnncParser::FileItemContext::plainMember() {
  return getRuleContext<RnncParser::PlainMemberContext>(0);
}


size_t RnncParser::FileItemContext::getRuleIndex() const {
  return RnncParser::RuleFileItem;
}


RnncParser::FileItemContext* RnncParser::fileItem() {
  FileItemContext *_localctx = _tracker.createInstance<FileItemContext>(_ctx, getState());
  enterRule(_localctx, 2, RnncParser::RuleFileItem);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(65);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::IMPORT:
      case RnncParser::CONST:
      case RnncParser::FN:
      case RnncParser::CELL:
      case RnncParser::MODEL: {
        enterOuterAlt(_localctx, 1);
        setState(63);
        topLevel();
        break;
      }

      case RnncParser::INPUT:
      case RnncParser::TARGET:
      case RnncParser::STATE:
      case RnncParser::PARAM:
      case RnncParser::OUTPUT:
      case RnncParser::LOSS:
      case RnncParser::FOR:
      case RnncParser::DERIVATIVE:
      case RnncParser::IN:
      case RnncParser::INDEX:
      case RnncParser::ROW:
      case RnncParser::NAME: {
        enterOuterAlt(_localctx, 2);
        setState(64);
        plainMember();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- TopLevelContext ------------------------------------------------------------------

RnncParser::TopLevelContext::TopLevelContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::UnitContext* RnncParser::TopLevelContext::unit() {
  return getRuleContext<RnncParser::UnitContext>(0);
}

RnncParser::ImportDeclarationContext* RnncParser::TopLevelContext::importDeclaration() {
  return getRuleContext<RnncParser::ImportDeclarationContext>(0);
}

RnncParser::FunctionContext* RnncParser::TopLevelContext::function() {
  return getRuleContext<RnncParser::FunctionContext>(0);
}

RnncParser::ConstantContext* RnncParser::TopLevelContext::constant() {
  return getRuleContext<RnncParser::ConstantContext>(0);
}


size_t RnncParser::TopLevelContext::getRuleIndex() const {
  return RnncParser::RuleTopLevel;
}


RnncParser::TopLevelContext* RnncParser::topLevel() {
  TopLevelContext *_localctx = _tracker.createInstance<TopLevelContext>(_ctx, getState());
  enterRule(_localctx, 4, RnncParser::RuleTopLevel);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(71);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::CELL:
      case RnncParser::MODEL: {
        enterOuterAlt(_localctx, 1);
        setState(67);
        unit();
        break;
      }

      case RnncParser::IMPORT: {
        enterOuterAlt(_localctx, 2);
        setState(68);
        importDeclaration();
        break;
      }

      case RnncParser::FN: {
        enterOuterAlt(_localctx, 3);
        setState(69);
        function();
        break;
      }

      case RnncParser::CONST: {
        enterOuterAlt(_localctx, 4);
        setState(70);
        constant();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ImportDeclarationContext ------------------------------------------------------------------

RnncParser::ImportDeclarationContext::ImportDeclarationContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::ImportDeclarationContext::IMPORT() {
  return getToken(RnncParser::IMPORT, 0);
}

tree::TerminalNode* RnncParser::ImportDeclarationContext::STRING() {
  return getToken(RnncParser::STRING, 0);
}


size_t RnncParser::ImportDeclarationContext::getRuleIndex() const {
  return RnncParser::RuleImportDeclaration;
}


RnncParser::ImportDeclarationContext* RnncParser::importDeclaration() {
  ImportDeclarationContext *_localctx = _tracker.createInstance<ImportDeclarationContext>(_ctx, getState());
  enterRule(_localctx, 6, RnncParser::RuleImportDeclaration);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(73);
    match(RnncParser::IMPORT);
    setState(74);
    match(RnncParser::STRING);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ConstantContext ------------------------------------------------------------------

RnncParser::ConstantContext::ConstantContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::ConstantContext::CONST() {
  return getToken(RnncParser::CONST, 0);
}

RnncParser::IdentifierContext* RnncParser::ConstantContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

tree::TerminalNode* RnncParser::ConstantContext::ASSIGN() {
  return getToken(RnncParser::ASSIGN, 0);
}

RnncParser::ExpressionContext* RnncParser::ConstantContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}


size_t RnncParser::ConstantContext::getRuleIndex() const {
  return RnncParser::RuleConstant;
}


RnncParser::ConstantContext* RnncParser::constant() {
  ConstantContext *_localctx = _tracker.createInstance<ConstantContext>(_ctx, getState());
  enterRule(_localctx, 8, RnncParser::RuleConstant);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(76);
    match(RnncParser::CONST);
    setState(77);
    identifier();
    setState(78);
    match(RnncParser::ASSIGN);
    setState(79);
    expression(0);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- FunctionContext ------------------------------------------------------------------

RnncParser::FunctionContext::FunctionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::FunctionContext::FN() {
  return getToken(RnncParser::FN, 0);
}

std::vector<RnncParser::IdentifierContext *> RnncParser::FunctionContext::identifier() {
  return getRuleContexts<RnncParser::IdentifierContext>();
}

RnncParser::IdentifierContext* RnncParser::FunctionContext::identifier(size_t i) {
  return getRuleContext<RnncParser::IdentifierContext>(i);
}

tree::TerminalNode* RnncParser::FunctionContext::OPEN_PAREN() {
  return getToken(RnncParser::OPEN_PAREN, 0);
}

tree::TerminalNode* RnncParser::FunctionContext::CLOSE_PAREN() {
  return getToken(RnncParser::CLOSE_PAREN, 0);
}

tree::TerminalNode* RnncParser::FunctionContext::ASSIGN() {
  return getToken(RnncParser::ASSIGN, 0);
}

std::vector<RnncParser::ExpressionContext *> RnncParser::FunctionContext::expression() {
  return getRuleContexts<RnncParser::ExpressionContext>();
}

RnncParser::ExpressionContext* RnncParser::FunctionContext::expression(size_t i) {
  return getRuleContext<RnncParser::ExpressionContext>(i);
}

tree::TerminalNode* RnncParser::FunctionContext::DERIVATIVE() {
  return getToken(RnncParser::DERIVATIVE, 0);
}

std::vector<tree::TerminalNode *> RnncParser::FunctionContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::FunctionContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}

std::vector<RnncParser::SeparatorContext *> RnncParser::FunctionContext::separator() {
  return getRuleContexts<RnncParser::SeparatorContext>();
}

RnncParser::SeparatorContext* RnncParser::FunctionContext::separator(size_t i) {
  return getRuleContext<RnncParser::SeparatorContext>(i);
}


size_t RnncParser::FunctionContext::getRuleIndex() const {
  return RnncParser::RuleFunction;
}


RnncParser::FunctionContext* RnncParser::function() {
  FunctionContext *_localctx = _tracker.createInstance<FunctionContext>(_ctx, getState());
  enterRule(_localctx, 10, RnncParser::RuleFunction);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(81);
    match(RnncParser::FN);
    setState(82);
    identifier();
    setState(83);
    match(RnncParser::OPEN_PAREN);
    setState(95);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RnncParser::DERIVATIVE)
      | (1ULL << RnncParser::IN)
      | (1ULL << RnncParser::INDEX)
      | (1ULL << RnncParser::ROW)
      | (1ULL << RnncParser::NAME))) != 0)) {
      setState(84);
      identifier();
      setState(89);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 4, _ctx);
      while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
        if (alt == 1) {
          setState(85);
          match(RnncParser::COMMA);
          setState(86);
          identifier(); 
        }
        setState(91);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 4, _ctx);
      }
      setState(93);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if (_la == RnncParser::COMMA) {
        setState(92);
        match(RnncParser::COMMA);
      }
    }
    setState(97);
    match(RnncParser::CLOSE_PAREN);
    setState(98);
    match(RnncParser::ASSIGN);
    setState(99);
    expression(0);
    setState(108);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 8, _ctx)) {
    case 1: {
      setState(103);
      _errHandler->sync(this);
      _la = _input->LA(1);
      while (_la == RnncParser::SEMICOLON

      || _la == RnncParser::NEWLINE) {
        setState(100);
        separator();
        setState(105);
        _errHandler->sync(this);
        _la = _input->LA(1);
      }
      setState(106);
      match(RnncParser::DERIVATIVE);
      setState(107);
      expression(0);
      break;
    }

    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- UnitContext ------------------------------------------------------------------

RnncParser::UnitContext::UnitContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::IdentifierContext* RnncParser::UnitContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

RnncParser::BlockContext* RnncParser::UnitContext::block() {
  return getRuleContext<RnncParser::BlockContext>(0);
}

tree::TerminalNode* RnncParser::UnitContext::CELL() {
  return getToken(RnncParser::CELL, 0);
}

tree::TerminalNode* RnncParser::UnitContext::MODEL() {
  return getToken(RnncParser::MODEL, 0);
}

tree::TerminalNode* RnncParser::UnitContext::OPEN_PAREN() {
  return getToken(RnncParser::OPEN_PAREN, 0);
}

tree::TerminalNode* RnncParser::UnitContext::CLOSE_PAREN() {
  return getToken(RnncParser::CLOSE_PAREN, 0);
}

std::vector<RnncParser::DimensionContext *> RnncParser::UnitContext::dimension() {
  return getRuleContexts<RnncParser::DimensionContext>();
}

RnncParser::DimensionContext* RnncParser::UnitContext::dimension(size_t i) {
  return getRuleContext<RnncParser::DimensionContext>(i);
}

std::vector<tree::TerminalNode *> RnncParser::UnitContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::UnitContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}


size_t RnncParser::UnitContext::getRuleIndex() const {
  return RnncParser::RuleUnit;
}


RnncParser::UnitContext* RnncParser::unit() {
  UnitContext *_localctx = _tracker.createInstance<UnitContext>(_ctx, getState());
  enterRule(_localctx, 12, RnncParser::RuleUnit);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(110);
    _la = _input->LA(1);
    if (!(_la == RnncParser::CELL

    || _la == RnncParser::MODEL)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
    setState(111);
    identifier();
    setState(127);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RnncParser::OPEN_PAREN) {
      setState(112);
      match(RnncParser::OPEN_PAREN);
      setState(124);
      _errHandler->sync(this);

      _la = _input->LA(1);
      if ((((_la & ~ 0x3fULL) == 0) &&
        ((1ULL << _la) & ((1ULL << RnncParser::DERIVATIVE)
        | (1ULL << RnncParser::IN)
        | (1ULL << RnncParser::INDEX)
        | (1ULL << RnncParser::ROW)
        | (1ULL << RnncParser::NAME))) != 0)) {
        setState(113);
        dimension();
        setState(118);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 9, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(114);
            match(RnncParser::COMMA);
            setState(115);
            dimension(); 
          }
          setState(120);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 9, _ctx);
        }
        setState(122);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == RnncParser::COMMA) {
          setState(121);
          match(RnncParser::COMMA);
        }
      }
      setState(126);
      match(RnncParser::CLOSE_PAREN);
    }
    setState(129);
    block();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DimensionContext ------------------------------------------------------------------

RnncParser::DimensionContext::DimensionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::IdentifierContext* RnncParser::DimensionContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

tree::TerminalNode* RnncParser::DimensionContext::ASSIGN() {
  return getToken(RnncParser::ASSIGN, 0);
}

RnncParser::ExpressionContext* RnncParser::DimensionContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}


size_t RnncParser::DimensionContext::getRuleIndex() const {
  return RnncParser::RuleDimension;
}


RnncParser::DimensionContext* RnncParser::dimension() {
  DimensionContext *_localctx = _tracker.createInstance<DimensionContext>(_ctx, getState());
  enterRule(_localctx, 14, RnncParser::RuleDimension);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(131);
    identifier();
    setState(134);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RnncParser::ASSIGN) {
      setState(132);
      match(RnncParser::ASSIGN);
      setState(133);
      expression(0);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- BlockContext ------------------------------------------------------------------

RnncParser::BlockContext::BlockContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::BlockContext::OPEN_BRACE() {
  return getToken(RnncParser::OPEN_BRACE, 0);
}

tree::TerminalNode* RnncParser::BlockContext::CLOSE_BRACE() {
  return getToken(RnncParser::CLOSE_BRACE, 0);
}

std::vector<RnncParser::SeparatorContext *> RnncParser::BlockContext::separator() {
  return getRuleContexts<RnncParser::SeparatorContext>();
}

RnncParser::SeparatorContext* RnncParser::BlockContext::separator(size_t i) {
  return getRuleContext<RnncParser::SeparatorContext>(i);
}

std::vector<RnncParser::MemberContext *> RnncParser::BlockContext::member() {
  return getRuleContexts<RnncParser::MemberContext>();
}

RnncParser::MemberContext* RnncParser::BlockContext::member(size_t i) {
  return getRuleContext<RnncParser::MemberContext>(i);
}


size_t RnncParser::BlockContext::getRuleIndex() const {
  return RnncParser::RuleBlock;
}


RnncParser::BlockContext* RnncParser::block() {
  BlockContext *_localctx = _tracker.createInstance<BlockContext>(_ctx, getState());
  enterRule(_localctx, 16, RnncParser::RuleBlock);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(136);
    match(RnncParser::OPEN_BRACE);
    setState(141);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while ((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RnncParser::IMPORT)
      | (1ULL << RnncParser::CONST)
      | (1ULL << RnncParser::FN)
      | (1ULL << RnncParser::INPUT)
      | (1ULL << RnncParser::TARGET)
      | (1ULL << RnncParser::STATE)
      | (1ULL << RnncParser::PARAM)
      | (1ULL << RnncParser::OUTPUT)
      | (1ULL << RnncParser::LOSS)
      | (1ULL << RnncParser::FOR)
      | (1ULL << RnncParser::DERIVATIVE)
      | (1ULL << RnncParser::IN)
      | (1ULL << RnncParser::INDEX)
      | (1ULL << RnncParser::ROW)
      | (1ULL << RnncParser::SEMICOLON)
      | (1ULL << RnncParser::NAME)
      | (1ULL << RnncParser::NEWLINE))) != 0)) {
      setState(139);
      _errHandler->sync(this);
      switch (_input->LA(1)) {
        case RnncParser::SEMICOLON:
        case RnncParser::NEWLINE: {
          setState(137);
          separator();
          break;
        }

        case RnncParser::IMPORT:
        case RnncParser::CONST:
        case RnncParser::FN:
        case RnncParser::INPUT:
        case RnncParser::TARGET:
        case RnncParser::STATE:
        case RnncParser::PARAM:
        case RnncParser::OUTPUT:
        case RnncParser::LOSS:
        case RnncParser::FOR:
        case RnncParser::DERIVATIVE:
        case RnncParser::IN:
        case RnncParser::INDEX:
        case RnncParser::ROW:
        case RnncParser::NAME: {
          setState(138);
          member();
          break;
        }

      default:
        throw NoViableAltException(this);
      }
      setState(143);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
    setState(144);
    match(RnncParser::CLOSE_BRACE);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- MemberContext ------------------------------------------------------------------

RnncParser::MemberContext::MemberContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::PlainMemberContext* RnncParser::MemberContext::plainMember() {
  return getRuleContext<RnncParser::PlainMemberContext>(0);
}

RnncParser::MisplacedContext* RnncParser::MemberContext::misplaced() {
  return getRuleContext<RnncParser::MisplacedContext>(0);
}


size_t RnncParser::MemberContext::getRuleIndex() const {
  return RnncParser::RuleMember;
}


RnncParser::MemberContext* RnncParser::member() {
  MemberContext *_localctx = _tracker.createInstance<MemberContext>(_ctx, getState());
  enterRule(_localctx, 18, RnncParser::RuleMember);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(148);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::INPUT:
      case RnncParser::TARGET:
      case RnncParser::STATE:
      case RnncParser::PARAM:
      case RnncParser::OUTPUT:
      case RnncParser::LOSS:
      case RnncParser::FOR:
      case RnncParser::DERIVATIVE:
      case RnncParser::IN:
      case RnncParser::INDEX:
      case RnncParser::ROW:
      case RnncParser::NAME: {
        enterOuterAlt(_localctx, 1);
        setState(146);
        plainMember();
        break;
      }

      case RnncParser::IMPORT:
      case RnncParser::CONST:
      case RnncParser::FN: {
        enterOuterAlt(_localctx, 2);
        setState(147);
        misplaced();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- PlainMemberContext ------------------------------------------------------------------

RnncParser::PlainMemberContext::PlainMemberContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::DeclarationContext* RnncParser::PlainMemberContext::declaration() {
  return getRuleContext<RnncParser::DeclarationContext>(0);
}

RnncParser::OutputContext* RnncParser::PlainMemberContext::output() {
  return getRuleContext<RnncParser::OutputContext>(0);
}

RnncParser::LossContext* RnncParser::PlainMemberContext::loss() {
  return getRuleContext<RnncParser::LossContext>(0);
}

RnncParser::LoopContext* RnncParser::PlainMemberContext::loop() {
  return getRuleContext<RnncParser::LoopContext>(0);
}

RnncParser::EquationContext* RnncParser::PlainMemberContext::equation() {
  return getRuleContext<RnncParser::EquationContext>(0);
}


size_t RnncParser::PlainMemberContext::getRuleIndex() const {
  return RnncParser::RulePlainMember;
}


RnncParser::PlainMemberContext* RnncParser::plainMember() {
  PlainMemberContext *_localctx = _tracker.createInstance<PlainMemberContext>(_ctx, getState());
  enterRule(_localctx, 20, RnncParser::RulePlainMember);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(155);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::INPUT:
      case RnncParser::TARGET:
      case RnncParser::STATE:
      case RnncParser::PARAM: {
        enterOuterAlt(_localctx, 1);
        setState(150);
        declaration();
        break;
      }

      case RnncParser::OUTPUT: {
        enterOuterAlt(_localctx, 2);
        setState(151);
        output();
        break;
      }

      case RnncParser::LOSS: {
        enterOuterAlt(_localctx, 3);
        setState(152);
        loss();
        break;
      }

      case RnncParser::FOR: {
        enterOuterAlt(_localctx, 4);
        setState(153);
        loop();
        break;
      }

      case RnncParser::DERIVATIVE:
      case RnncParser::IN:
      case RnncParser::INDEX:
      case RnncParser::ROW:
      case RnncParser::NAME: {
        enterOuterAlt(_localctx, 5);
        setState(154);
        equation();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- MisplacedContext ------------------------------------------------------------------

RnncParser::MisplacedContext::MisplacedContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::ImportDeclarationContext* RnncParser::MisplacedContext::importDeclaration() {
  return getRuleContext<RnncParser::ImportDeclarationContext>(0);
}

RnncParser::FunctionContext* RnncParser::MisplacedContext::function() {
  return getRuleContext<RnncParser::FunctionContext>(0);
}

RnncParser::ConstantContext* RnncParser::MisplacedContext::constant() {
  return getRuleContext<RnncParser::ConstantContext>(0);
}


size_t RnncParser::MisplacedContext::getRuleIndex() const {
  return RnncParser::RuleMisplaced;
}


RnncParser::MisplacedContext* RnncParser::misplaced() {
  MisplacedContext *_localctx = _tracker.createInstance<MisplacedContext>(_ctx, getState());
  enterRule(_localctx, 22, RnncParser::RuleMisplaced);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(160);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::IMPORT: {
        enterOuterAlt(_localctx, 1);
        setState(157);
        importDeclaration();
        break;
      }

      case RnncParser::FN: {
        enterOuterAlt(_localctx, 2);
        setState(158);
        function();
        break;
      }

      case RnncParser::CONST: {
        enterOuterAlt(_localctx, 3);
        setState(159);
        constant();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DeclarationContext ------------------------------------------------------------------

RnncParser::DeclarationContext::DeclarationContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<RnncParser::DeclarationItemContext *> RnncParser::DeclarationContext::declarationItem() {
  return getRuleContexts<RnncParser::DeclarationItemContext>();
}

RnncParser::DeclarationItemContext* RnncParser::DeclarationContext::declarationItem(size_t i) {
  return getRuleContext<RnncParser::DeclarationItemContext>(i);
}

tree::TerminalNode* RnncParser::DeclarationContext::INPUT() {
  return getToken(RnncParser::INPUT, 0);
}

tree::TerminalNode* RnncParser::DeclarationContext::TARGET() {
  return getToken(RnncParser::TARGET, 0);
}

tree::TerminalNode* RnncParser::DeclarationContext::STATE() {
  return getToken(RnncParser::STATE, 0);
}

tree::TerminalNode* RnncParser::DeclarationContext::PARAM() {
  return getToken(RnncParser::PARAM, 0);
}

std::vector<RnncParser::QualifierContext *> RnncParser::DeclarationContext::qualifier() {
  return getRuleContexts<RnncParser::QualifierContext>();
}

RnncParser::QualifierContext* RnncParser::DeclarationContext::qualifier(size_t i) {
  return getRuleContext<RnncParser::QualifierContext>(i);
}

std::vector<tree::TerminalNode *> RnncParser::DeclarationContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::DeclarationContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}


size_t RnncParser::DeclarationContext::getRuleIndex() const {
  return RnncParser::RuleDeclaration;
}


RnncParser::DeclarationContext* RnncParser::declaration() {
  DeclarationContext *_localctx = _tracker.createInstance<DeclarationContext>(_ctx, getState());
  enterRule(_localctx, 24, RnncParser::RuleDeclaration);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(162);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RnncParser::INPUT)
      | (1ULL << RnncParser::TARGET)
      | (1ULL << RnncParser::STATE)
      | (1ULL << RnncParser::PARAM))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
    setState(163);
    declarationItem();
    setState(170);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 20, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        setState(165);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == RnncParser::COMMA) {
          setState(164);
          match(RnncParser::COMMA);
        }
        setState(167);
        declarationItem(); 
      }
      setState(172);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 20, _ctx);
    }
    setState(176);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == RnncParser::PER

    || _la == RnncParser::OVER) {
      setState(173);
      qualifier();
      setState(178);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- DeclarationItemContext ------------------------------------------------------------------

RnncParser::DeclarationItemContext::DeclarationItemContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::IdentifierContext* RnncParser::DeclarationItemContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

tree::TerminalNode* RnncParser::DeclarationItemContext::COLON() {
  return getToken(RnncParser::COLON, 0);
}

RnncParser::ShapeContext* RnncParser::DeclarationItemContext::shape() {
  return getRuleContext<RnncParser::ShapeContext>(0);
}

tree::TerminalNode* RnncParser::DeclarationItemContext::ASSIGN() {
  return getToken(RnncParser::ASSIGN, 0);
}

RnncParser::ExpressionContext* RnncParser::DeclarationItemContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}


size_t RnncParser::DeclarationItemContext::getRuleIndex() const {
  return RnncParser::RuleDeclarationItem;
}


RnncParser::DeclarationItemContext* RnncParser::declarationItem() {
  DeclarationItemContext *_localctx = _tracker.createInstance<DeclarationItemContext>(_ctx, getState());
  enterRule(_localctx, 26, RnncParser::RuleDeclarationItem);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(179);
    identifier();
    setState(182);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RnncParser::COLON) {
      setState(180);
      match(RnncParser::COLON);
      setState(181);
      shape();
    }
    setState(186);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RnncParser::ASSIGN) {
      setState(184);
      match(RnncParser::ASSIGN);
      setState(185);
      expression(0);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ShapeContext ------------------------------------------------------------------

RnncParser::ShapeContext::ShapeContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::ShapeContext::OPEN_BRACKET() {
  return getToken(RnncParser::OPEN_BRACKET, 0);
}

tree::TerminalNode* RnncParser::ShapeContext::CLOSE_BRACKET() {
  return getToken(RnncParser::CLOSE_BRACKET, 0);
}

std::vector<RnncParser::ExpressionContext *> RnncParser::ShapeContext::expression() {
  return getRuleContexts<RnncParser::ExpressionContext>();
}

RnncParser::ExpressionContext* RnncParser::ShapeContext::expression(size_t i) {
  return getRuleContext<RnncParser::ExpressionContext>(i);
}

std::vector<tree::TerminalNode *> RnncParser::ShapeContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::ShapeContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}

tree::TerminalNode* RnncParser::ShapeContext::INDEX() {
  return getToken(RnncParser::INDEX, 0);
}

tree::TerminalNode* RnncParser::ShapeContext::OPEN_PAREN() {
  return getToken(RnncParser::OPEN_PAREN, 0);
}

tree::TerminalNode* RnncParser::ShapeContext::CLOSE_PAREN() {
  return getToken(RnncParser::CLOSE_PAREN, 0);
}


size_t RnncParser::ShapeContext::getRuleIndex() const {
  return RnncParser::RuleShape;
}


RnncParser::ShapeContext* RnncParser::shape() {
  ShapeContext *_localctx = _tracker.createInstance<ShapeContext>(_ctx, getState());
  enterRule(_localctx, 28, RnncParser::RuleShape);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    setState(208);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::OPEN_BRACKET: {
        enterOuterAlt(_localctx, 1);
        setState(188);
        match(RnncParser::OPEN_BRACKET);
        setState(200);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << RnncParser::NOT)
          | (1ULL << RnncParser::REVERSE)
          | (1ULL << RnncParser::DERIVATIVE)
          | (1ULL << RnncParser::IN)
          | (1ULL << RnncParser::INDEX)
          | (1ULL << RnncParser::ROW)
          | (1ULL << RnncParser::OPEN_PAREN)
          | (1ULL << RnncParser::OPEN_BRACKET)
          | (1ULL << RnncParser::MINUS)
          | (1ULL << RnncParser::NAME)
          | (1ULL << RnncParser::NUMBER))) != 0)) {
          setState(189);
          expression(0);
          setState(194);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 24, _ctx);
          while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
            if (alt == 1) {
              setState(190);
              match(RnncParser::COMMA);
              setState(191);
              expression(0); 
            }
            setState(196);
            _errHandler->sync(this);
            alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 24, _ctx);
          }
          setState(198);
          _errHandler->sync(this);

          _la = _input->LA(1);
          if (_la == RnncParser::COMMA) {
            setState(197);
            match(RnncParser::COMMA);
          }
        }
        setState(202);
        match(RnncParser::CLOSE_BRACKET);
        break;
      }

      case RnncParser::INDEX: {
        enterOuterAlt(_localctx, 2);
        setState(203);
        match(RnncParser::INDEX);
        setState(204);
        match(RnncParser::OPEN_PAREN);
        setState(205);
        expression(0);
        setState(206);
        match(RnncParser::CLOSE_PAREN);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- QualifierContext ------------------------------------------------------------------

RnncParser::QualifierContext::QualifierContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::QualifierContext::PER() {
  return getToken(RnncParser::PER, 0);
}

tree::TerminalNode* RnncParser::QualifierContext::ROW() {
  return getToken(RnncParser::ROW, 0);
}

tree::TerminalNode* RnncParser::QualifierContext::OVER() {
  return getToken(RnncParser::OVER, 0);
}

RnncParser::IdentifierContext* RnncParser::QualifierContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}


size_t RnncParser::QualifierContext::getRuleIndex() const {
  return RnncParser::RuleQualifier;
}


RnncParser::QualifierContext* RnncParser::qualifier() {
  QualifierContext *_localctx = _tracker.createInstance<QualifierContext>(_ctx, getState());
  enterRule(_localctx, 30, RnncParser::RuleQualifier);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(214);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::PER: {
        enterOuterAlt(_localctx, 1);
        setState(210);
        match(RnncParser::PER);
        setState(211);
        match(RnncParser::ROW);
        break;
      }

      case RnncParser::OVER: {
        enterOuterAlt(_localctx, 2);
        setState(212);
        match(RnncParser::OVER);
        setState(213);
        identifier();
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- OutputContext ------------------------------------------------------------------

RnncParser::OutputContext::OutputContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::OutputContext::OUTPUT() {
  return getToken(RnncParser::OUTPUT, 0);
}

std::vector<RnncParser::OutputItemContext *> RnncParser::OutputContext::outputItem() {
  return getRuleContexts<RnncParser::OutputItemContext>();
}

RnncParser::OutputItemContext* RnncParser::OutputContext::outputItem(size_t i) {
  return getRuleContext<RnncParser::OutputItemContext>(i);
}

std::vector<tree::TerminalNode *> RnncParser::OutputContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::OutputContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}


size_t RnncParser::OutputContext::getRuleIndex() const {
  return RnncParser::RuleOutput;
}


RnncParser::OutputContext* RnncParser::output() {
  OutputContext *_localctx = _tracker.createInstance<OutputContext>(_ctx, getState());
  enterRule(_localctx, 32, RnncParser::RuleOutput);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(216);
    match(RnncParser::OUTPUT);
    setState(217);
    outputItem();
    setState(222);
    _errHandler->sync(this);
    _la = _input->LA(1);
    while (_la == RnncParser::COMMA) {
      setState(218);
      match(RnncParser::COMMA);
      setState(219);
      outputItem();
      setState(224);
      _errHandler->sync(this);
      _la = _input->LA(1);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- OutputItemContext ------------------------------------------------------------------

RnncParser::OutputItemContext::OutputItemContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::IdentifierContext* RnncParser::OutputItemContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

tree::TerminalNode* RnncParser::OutputItemContext::ASSIGN() {
  return getToken(RnncParser::ASSIGN, 0);
}

RnncParser::ExpressionContext* RnncParser::OutputItemContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}


size_t RnncParser::OutputItemContext::getRuleIndex() const {
  return RnncParser::RuleOutputItem;
}


RnncParser::OutputItemContext* RnncParser::outputItem() {
  OutputItemContext *_localctx = _tracker.createInstance<OutputItemContext>(_ctx, getState());
  enterRule(_localctx, 34, RnncParser::RuleOutputItem);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(225);
    identifier();
    setState(228);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RnncParser::ASSIGN) {
      setState(226);
      match(RnncParser::ASSIGN);
      setState(227);
      expression(0);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- LossContext ------------------------------------------------------------------

RnncParser::LossContext::LossContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::LossContext::LOSS() {
  return getToken(RnncParser::LOSS, 0);
}

RnncParser::ExpressionContext* RnncParser::LossContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}


size_t RnncParser::LossContext::getRuleIndex() const {
  return RnncParser::RuleLoss;
}


RnncParser::LossContext* RnncParser::loss() {
  LossContext *_localctx = _tracker.createInstance<LossContext>(_ctx, getState());
  enterRule(_localctx, 36, RnncParser::RuleLoss);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(230);
    match(RnncParser::LOSS);
    setState(231);
    expression(0);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- LoopContext ------------------------------------------------------------------

RnncParser::LoopContext::LoopContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::LoopContext::FOR() {
  return getToken(RnncParser::FOR, 0);
}

RnncParser::IdentifierContext* RnncParser::LoopContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

tree::TerminalNode* RnncParser::LoopContext::IN() {
  return getToken(RnncParser::IN, 0);
}

std::vector<RnncParser::ExpressionContext *> RnncParser::LoopContext::expression() {
  return getRuleContexts<RnncParser::ExpressionContext>();
}

RnncParser::ExpressionContext* RnncParser::LoopContext::expression(size_t i) {
  return getRuleContext<RnncParser::ExpressionContext>(i);
}

tree::TerminalNode* RnncParser::LoopContext::DOTS() {
  return getToken(RnncParser::DOTS, 0);
}

RnncParser::BlockContext* RnncParser::LoopContext::block() {
  return getRuleContext<RnncParser::BlockContext>(0);
}


size_t RnncParser::LoopContext::getRuleIndex() const {
  return RnncParser::RuleLoop;
}


RnncParser::LoopContext* RnncParser::loop() {
  LoopContext *_localctx = _tracker.createInstance<LoopContext>(_ctx, getState());
  enterRule(_localctx, 38, RnncParser::RuleLoop);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(233);
    match(RnncParser::FOR);
    setState(234);
    identifier();
    setState(235);
    match(RnncParser::IN);
    setState(236);
    expression(0);
    setState(237);
    match(RnncParser::DOTS);
    setState(238);
    expression(0);
    setState(239);
    block();
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- EquationContext ------------------------------------------------------------------

RnncParser::EquationContext::EquationContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::IdentifierContext* RnncParser::EquationContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

tree::TerminalNode* RnncParser::EquationContext::ASSIGN() {
  return getToken(RnncParser::ASSIGN, 0);
}

std::vector<RnncParser::ExpressionContext *> RnncParser::EquationContext::expression() {
  return getRuleContexts<RnncParser::ExpressionContext>();
}

RnncParser::ExpressionContext* RnncParser::EquationContext::expression(size_t i) {
  return getRuleContext<RnncParser::ExpressionContext>(i);
}

tree::TerminalNode* RnncParser::EquationContext::OPEN_BRACKET() {
  return getToken(RnncParser::OPEN_BRACKET, 0);
}

tree::TerminalNode* RnncParser::EquationContext::CLOSE_BRACKET() {
  return getToken(RnncParser::CLOSE_BRACKET, 0);
}


size_t RnncParser::EquationContext::getRuleIndex() const {
  return RnncParser::RuleEquation;
}


RnncParser::EquationContext* RnncParser::equation() {
  EquationContext *_localctx = _tracker.createInstance<EquationContext>(_ctx, getState());
  enterRule(_localctx, 40, RnncParser::RuleEquation);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(241);
    identifier();
    setState(246);
    _errHandler->sync(this);

    _la = _input->LA(1);
    if (_la == RnncParser::OPEN_BRACKET) {
      setState(242);
      match(RnncParser::OPEN_BRACKET);
      setState(243);
      expression(0);
      setState(244);
      match(RnncParser::CLOSE_BRACKET);
    }
    setState(248);
    match(RnncParser::ASSIGN);
    setState(249);
    expression(0);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ExpressionContext ------------------------------------------------------------------

RnncParser::ExpressionContext::ExpressionContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}


size_t RnncParser::ExpressionContext::getRuleIndex() const {
  return RnncParser::RuleExpression;
}

void RnncParser::ExpressionContext::copyFrom(ExpressionContext *ctx) {
  ParserRuleContext::copyFrom(ctx);
}

//----------------- CallContext ------------------------------------------------------------------

RnncParser::ExpressionContext* RnncParser::CallContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}

tree::TerminalNode* RnncParser::CallContext::OPEN_PAREN() {
  return getToken(RnncParser::OPEN_PAREN, 0);
}

tree::TerminalNode* RnncParser::CallContext::CLOSE_PAREN() {
  return getToken(RnncParser::CLOSE_PAREN, 0);
}

std::vector<RnncParser::ArgumentContext *> RnncParser::CallContext::argument() {
  return getRuleContexts<RnncParser::ArgumentContext>();
}

RnncParser::ArgumentContext* RnncParser::CallContext::argument(size_t i) {
  return getRuleContext<RnncParser::ArgumentContext>(i);
}

std::vector<tree::TerminalNode *> RnncParser::CallContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::CallContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}

RnncParser::CallContext::CallContext(ExpressionContext *ctx) { copyFrom(ctx); }


//----------------- PrefixContext ------------------------------------------------------------------

RnncParser::ExpressionContext* RnncParser::PrefixContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}

tree::TerminalNode* RnncParser::PrefixContext::REVERSE() {
  return getToken(RnncParser::REVERSE, 0);
}

tree::TerminalNode* RnncParser::PrefixContext::MINUS() {
  return getToken(RnncParser::MINUS, 0);
}

tree::TerminalNode* RnncParser::PrefixContext::NOT() {
  return getToken(RnncParser::NOT, 0);
}

RnncParser::PrefixContext::PrefixContext(ExpressionContext *ctx) { copyFrom(ctx); }


//----------------- BinaryContext ------------------------------------------------------------------

std::vector<RnncParser::ExpressionContext *> RnncParser::BinaryContext::expression() {
  return getRuleContexts<RnncParser::ExpressionContext>();
}

RnncParser::ExpressionContext* RnncParser::BinaryContext::expression(size_t i) {
  return getRuleContext<RnncParser::ExpressionContext>(i);
}

tree::TerminalNode* RnncParser::BinaryContext::POWER() {
  return getToken(RnncParser::POWER, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::STAR() {
  return getToken(RnncParser::STAR, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::SLASH() {
  return getToken(RnncParser::SLASH, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::PERCENT() {
  return getToken(RnncParser::PERCENT, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::AT() {
  return getToken(RnncParser::AT, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::PLUS() {
  return getToken(RnncParser::PLUS, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::MINUS() {
  return getToken(RnncParser::MINUS, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::LESS() {
  return getToken(RnncParser::LESS, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::LESS_EQUAL() {
  return getToken(RnncParser::LESS_EQUAL, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::GREATER() {
  return getToken(RnncParser::GREATER, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::GREATER_EQUAL() {
  return getToken(RnncParser::GREATER_EQUAL, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::EQUAL() {
  return getToken(RnncParser::EQUAL, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::NOT_EQUAL() {
  return getToken(RnncParser::NOT_EQUAL, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::AND() {
  return getToken(RnncParser::AND, 0);
}

tree::TerminalNode* RnncParser::BinaryContext::OR() {
  return getToken(RnncParser::OR, 0);
}

RnncParser::BinaryContext::BinaryContext(ExpressionContext *ctx) { copyFrom(ctx); }


//----------------- IndexContext ------------------------------------------------------------------

RnncParser::ExpressionContext* RnncParser::IndexContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}

tree::TerminalNode* RnncParser::IndexContext::OPEN_BRACKET() {
  return getToken(RnncParser::OPEN_BRACKET, 0);
}

std::vector<RnncParser::SubscriptContext *> RnncParser::IndexContext::subscript() {
  return getRuleContexts<RnncParser::SubscriptContext>();
}

RnncParser::SubscriptContext* RnncParser::IndexContext::subscript(size_t i) {
  return getRuleContext<RnncParser::SubscriptContext>(i);
}

tree::TerminalNode* RnncParser::IndexContext::CLOSE_BRACKET() {
  return getToken(RnncParser::CLOSE_BRACKET, 0);
}

std::vector<tree::TerminalNode *> RnncParser::IndexContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::IndexContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}

RnncParser::IndexContext::IndexContext(ExpressionContext *ctx) { copyFrom(ctx); }


//----------------- MemberOfContext ------------------------------------------------------------------

RnncParser::ExpressionContext* RnncParser::MemberOfContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}

tree::TerminalNode* RnncParser::MemberOfContext::DOT() {
  return getToken(RnncParser::DOT, 0);
}

RnncParser::IdentifierContext* RnncParser::MemberOfContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

RnncParser::MemberOfContext::MemberOfContext(ExpressionContext *ctx) { copyFrom(ctx); }


//----------------- TransposeContext ------------------------------------------------------------------

RnncParser::ExpressionContext* RnncParser::TransposeContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}

tree::TerminalNode* RnncParser::TransposeContext::PRIME() {
  return getToken(RnncParser::PRIME, 0);
}

RnncParser::TransposeContext::TransposeContext(ExpressionContext *ctx) { copyFrom(ctx); }


//----------------- AtomContext ------------------------------------------------------------------

RnncParser::PrimaryContext* RnncParser::AtomContext::primary() {
  return getRuleContext<RnncParser::PrimaryContext>(0);
}

RnncParser::AtomContext::AtomContext(ExpressionContext *ctx) { copyFrom(ctx); }



RnncParser::ExpressionContext* RnncParser::expression() {
   return expression(0);
}

RnncParser::ExpressionContext* RnncParser::expression(int precedence) {
  ParserRuleContext *parentContext = _ctx;
  size_t parentState = getState();
  RnncParser::ExpressionContext *_localctx = _tracker.createInstance<ExpressionContext>(_ctx, parentState);
  RnncParser::ExpressionContext *previousContext = _localctx;
  (void)previousContext; // Silence compiler, in case the context is not used by generated code.
  size_t startState = 42;
  enterRecursionRule(_localctx, 42, RnncParser::RuleExpression, precedence);

    size_t _la = 0;

  auto onExit = finally([=] {
    unrollRecursionContexts(parentContext);
  });
  try {
    size_t alt;
    enterOuterAlt(_localctx, 1);
    setState(259);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::DERIVATIVE:
      case RnncParser::IN:
      case RnncParser::INDEX:
      case RnncParser::ROW:
      case RnncParser::OPEN_PAREN:
      case RnncParser::OPEN_BRACKET:
      case RnncParser::NAME:
      case RnncParser::NUMBER: {
        _localctx = _tracker.createInstance<AtomContext>(_localctx);
        _ctx = _localctx;
        previousContext = _localctx;

        setState(252);
        primary();
        break;
      }

      case RnncParser::REVERSE: {
        _localctx = _tracker.createInstance<PrefixContext>(_localctx);
        _ctx = _localctx;
        previousContext = _localctx;
        setState(253);
        dynamic_cast<PrefixContext *>(_localctx)->sign = match(RnncParser::REVERSE);
        setState(254);
        expression(9);
        break;
      }

      case RnncParser::MINUS: {
        _localctx = _tracker.createInstance<PrefixContext>(_localctx);
        _ctx = _localctx;
        previousContext = _localctx;
        setState(255);
        dynamic_cast<PrefixContext *>(_localctx)->sign = match(RnncParser::MINUS);
        setState(256);
        expression(7);
        break;
      }

      case RnncParser::NOT: {
        _localctx = _tracker.createInstance<PrefixContext>(_localctx);
        _ctx = _localctx;
        previousContext = _localctx;
        setState(257);
        dynamic_cast<PrefixContext *>(_localctx)->sign = match(RnncParser::NOT);
        setState(258);
        expression(3);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
    _ctx->stop = _input->LT(-1);
    setState(317);
    _errHandler->sync(this);
    alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 39, _ctx);
    while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
      if (alt == 1) {
        if (!_parseListeners.empty())
          triggerExitRuleEvent();
        previousContext = _localctx;
        setState(315);
        _errHandler->sync(this);
        switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 38, _ctx)) {
        case 1: {
          auto newContext = _tracker.createInstance<BinaryContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(261);

          if (!(precpred(_ctx, 8))) throw FailedPredicateException(this, "precpred(_ctx, 8)");
          setState(262);
          dynamic_cast<BinaryContext *>(_localctx)->sign = match(RnncParser::POWER);
          setState(263);
          expression(8);
          break;
        }

        case 2: {
          auto newContext = _tracker.createInstance<BinaryContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(264);

          if (!(precpred(_ctx, 6))) throw FailedPredicateException(this, "precpred(_ctx, 6)");
          setState(265);
          dynamic_cast<BinaryContext *>(_localctx)->sign = _input->LT(1);
          _la = _input->LA(1);
          if (!((((_la & ~ 0x3fULL) == 0) &&
            ((1ULL << _la) & ((1ULL << RnncParser::STAR)
            | (1ULL << RnncParser::SLASH)
            | (1ULL << RnncParser::PERCENT)
            | (1ULL << RnncParser::AT))) != 0))) {
            dynamic_cast<BinaryContext *>(_localctx)->sign = _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
          setState(266);
          expression(7);
          break;
        }

        case 3: {
          auto newContext = _tracker.createInstance<BinaryContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(267);

          if (!(precpred(_ctx, 5))) throw FailedPredicateException(this, "precpred(_ctx, 5)");
          setState(268);
          dynamic_cast<BinaryContext *>(_localctx)->sign = _input->LT(1);
          _la = _input->LA(1);
          if (!(_la == RnncParser::PLUS

          || _la == RnncParser::MINUS)) {
            dynamic_cast<BinaryContext *>(_localctx)->sign = _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
          setState(269);
          expression(6);
          break;
        }

        case 4: {
          auto newContext = _tracker.createInstance<BinaryContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(270);

          if (!(precpred(_ctx, 4))) throw FailedPredicateException(this, "precpred(_ctx, 4)");
          setState(271);
          dynamic_cast<BinaryContext *>(_localctx)->sign = _input->LT(1);
          _la = _input->LA(1);
          if (!((((_la & ~ 0x3fULL) == 0) &&
            ((1ULL << _la) & ((1ULL << RnncParser::LESS)
            | (1ULL << RnncParser::LESS_EQUAL)
            | (1ULL << RnncParser::GREATER)
            | (1ULL << RnncParser::GREATER_EQUAL)
            | (1ULL << RnncParser::EQUAL)
            | (1ULL << RnncParser::NOT_EQUAL))) != 0))) {
            dynamic_cast<BinaryContext *>(_localctx)->sign = _errHandler->recoverInline(this);
          }
          else {
            _errHandler->reportMatch(this);
            consume();
          }
          setState(272);
          expression(5);
          break;
        }

        case 5: {
          auto newContext = _tracker.createInstance<BinaryContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(273);

          if (!(precpred(_ctx, 2))) throw FailedPredicateException(this, "precpred(_ctx, 2)");
          setState(274);
          dynamic_cast<BinaryContext *>(_localctx)->sign = match(RnncParser::AND);
          setState(275);
          expression(3);
          break;
        }

        case 6: {
          auto newContext = _tracker.createInstance<BinaryContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(276);

          if (!(precpred(_ctx, 1))) throw FailedPredicateException(this, "precpred(_ctx, 1)");
          setState(277);
          dynamic_cast<BinaryContext *>(_localctx)->sign = match(RnncParser::OR);
          setState(278);
          expression(2);
          break;
        }

        case 7: {
          auto newContext = _tracker.createInstance<CallContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(279);

          if (!(precpred(_ctx, 13))) throw FailedPredicateException(this, "precpred(_ctx, 13)");
          setState(280);
          match(RnncParser::OPEN_PAREN);
          setState(292);
          _errHandler->sync(this);

          _la = _input->LA(1);
          if ((((_la & ~ 0x3fULL) == 0) &&
            ((1ULL << _la) & ((1ULL << RnncParser::NOT)
            | (1ULL << RnncParser::REVERSE)
            | (1ULL << RnncParser::DERIVATIVE)
            | (1ULL << RnncParser::IN)
            | (1ULL << RnncParser::INDEX)
            | (1ULL << RnncParser::ROW)
            | (1ULL << RnncParser::OPEN_PAREN)
            | (1ULL << RnncParser::OPEN_BRACKET)
            | (1ULL << RnncParser::MINUS)
            | (1ULL << RnncParser::NAME)
            | (1ULL << RnncParser::NUMBER))) != 0)) {
            setState(281);
            argument();
            setState(286);
            _errHandler->sync(this);
            alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 33, _ctx);
            while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
              if (alt == 1) {
                setState(282);
                match(RnncParser::COMMA);
                setState(283);
                argument(); 
              }
              setState(288);
              _errHandler->sync(this);
              alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 33, _ctx);
            }
            setState(290);
            _errHandler->sync(this);

            _la = _input->LA(1);
            if (_la == RnncParser::COMMA) {
              setState(289);
              match(RnncParser::COMMA);
            }
          }
          setState(294);
          match(RnncParser::CLOSE_PAREN);
          break;
        }

        case 8: {
          auto newContext = _tracker.createInstance<IndexContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(295);

          if (!(precpred(_ctx, 12))) throw FailedPredicateException(this, "precpred(_ctx, 12)");
          setState(296);
          match(RnncParser::OPEN_BRACKET);
          setState(297);
          subscript();
          setState(302);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 36, _ctx);
          while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
            if (alt == 1) {
              setState(298);
              match(RnncParser::COMMA);
              setState(299);
              subscript(); 
            }
            setState(304);
            _errHandler->sync(this);
            alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 36, _ctx);
          }
          setState(306);
          _errHandler->sync(this);

          _la = _input->LA(1);
          if (_la == RnncParser::COMMA) {
            setState(305);
            match(RnncParser::COMMA);
          }
          setState(308);
          match(RnncParser::CLOSE_BRACKET);
          break;
        }

        case 9: {
          auto newContext = _tracker.createInstance<MemberOfContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(310);

          if (!(precpred(_ctx, 11))) throw FailedPredicateException(this, "precpred(_ctx, 11)");
          setState(311);
          match(RnncParser::DOT);
          setState(312);
          identifier();
          break;
        }

        case 10: {
          auto newContext = _tracker.createInstance<TransposeContext>(_tracker.createInstance<ExpressionContext>(parentContext, parentState));
          _localctx = newContext;
          pushNewRecursionContext(newContext, startState, RuleExpression);
          setState(313);

          if (!(precpred(_ctx, 10))) throw FailedPredicateException(this, "precpred(_ctx, 10)");
          setState(314);
          match(RnncParser::PRIME);
          break;
        }

        } 
      }
      setState(319);
      _errHandler->sync(this);
      alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 39, _ctx);
    }
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }
  return _localctx;
}

//----------------- PrimaryContext ------------------------------------------------------------------

RnncParser::PrimaryContext::PrimaryContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}


size_t RnncParser::PrimaryContext::getRuleIndex() const {
  return RnncParser::RulePrimary;
}

void RnncParser::PrimaryContext::copyFrom(PrimaryContext *ctx) {
  ParserRuleContext::copyFrom(ctx);
}

//----------------- NumberContext ------------------------------------------------------------------

tree::TerminalNode* RnncParser::NumberContext::NUMBER() {
  return getToken(RnncParser::NUMBER, 0);
}

RnncParser::NumberContext::NumberContext(PrimaryContext *ctx) { copyFrom(ctx); }


//----------------- NameContext ------------------------------------------------------------------

RnncParser::IdentifierContext* RnncParser::NameContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

RnncParser::NameContext::NameContext(PrimaryContext *ctx) { copyFrom(ctx); }


//----------------- ListContext ------------------------------------------------------------------

tree::TerminalNode* RnncParser::ListContext::OPEN_BRACKET() {
  return getToken(RnncParser::OPEN_BRACKET, 0);
}

std::vector<RnncParser::ExpressionContext *> RnncParser::ListContext::expression() {
  return getRuleContexts<RnncParser::ExpressionContext>();
}

RnncParser::ExpressionContext* RnncParser::ListContext::expression(size_t i) {
  return getRuleContext<RnncParser::ExpressionContext>(i);
}

tree::TerminalNode* RnncParser::ListContext::CLOSE_BRACKET() {
  return getToken(RnncParser::CLOSE_BRACKET, 0);
}

std::vector<tree::TerminalNode *> RnncParser::ListContext::COMMA() {
  return getTokens(RnncParser::COMMA);
}

tree::TerminalNode* RnncParser::ListContext::COMMA(size_t i) {
  return getToken(RnncParser::COMMA, i);
}

RnncParser::ListContext::ListContext(PrimaryContext *ctx) { copyFrom(ctx); }


//----------------- ParenthesisedContext ------------------------------------------------------------------

tree::TerminalNode* RnncParser::ParenthesisedContext::OPEN_PAREN() {
  return getToken(RnncParser::OPEN_PAREN, 0);
}

RnncParser::ExpressionContext* RnncParser::ParenthesisedContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}

tree::TerminalNode* RnncParser::ParenthesisedContext::CLOSE_PAREN() {
  return getToken(RnncParser::CLOSE_PAREN, 0);
}

RnncParser::ParenthesisedContext::ParenthesisedContext(PrimaryContext *ctx) { copyFrom(ctx); }


RnncParser::PrimaryContext* RnncParser::primary() {
  PrimaryContext *_localctx = _tracker.createInstance<PrimaryContext>(_ctx, getState());
  enterRule(_localctx, 44, RnncParser::RulePrimary);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    size_t alt;
    setState(340);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::NUMBER: {
        _localctx = dynamic_cast<PrimaryContext *>(_tracker.createInstance<RnncParser::NumberContext>(_localctx));
        enterOuterAlt(_localctx, 1);
        setState(320);
        match(RnncParser::NUMBER);
        break;
      }

      case RnncParser::DERIVATIVE:
      case RnncParser::IN:
      case RnncParser::INDEX:
      case RnncParser::ROW:
      case RnncParser::NAME: {
        _localctx = dynamic_cast<PrimaryContext *>(_tracker.createInstance<RnncParser::NameContext>(_localctx));
        enterOuterAlt(_localctx, 2);
        setState(321);
        identifier();
        break;
      }

      case RnncParser::OPEN_PAREN: {
        _localctx = dynamic_cast<PrimaryContext *>(_tracker.createInstance<RnncParser::ParenthesisedContext>(_localctx));
        enterOuterAlt(_localctx, 3);
        setState(322);
        match(RnncParser::OPEN_PAREN);
        setState(323);
        expression(0);
        setState(324);
        match(RnncParser::CLOSE_PAREN);
        break;
      }

      case RnncParser::OPEN_BRACKET: {
        _localctx = dynamic_cast<PrimaryContext *>(_tracker.createInstance<RnncParser::ListContext>(_localctx));
        enterOuterAlt(_localctx, 4);
        setState(326);
        match(RnncParser::OPEN_BRACKET);
        setState(327);
        expression(0);
        setState(332);
        _errHandler->sync(this);
        alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 40, _ctx);
        while (alt != 2 && alt != atn::ATN::INVALID_ALT_NUMBER) {
          if (alt == 1) {
            setState(328);
            match(RnncParser::COMMA);
            setState(329);
            expression(0); 
          }
          setState(334);
          _errHandler->sync(this);
          alt = getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 40, _ctx);
        }
        setState(336);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == RnncParser::COMMA) {
          setState(335);
          match(RnncParser::COMMA);
        }
        setState(338);
        match(RnncParser::CLOSE_BRACKET);
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- ArgumentContext ------------------------------------------------------------------

RnncParser::ArgumentContext::ArgumentContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

RnncParser::ExpressionContext* RnncParser::ArgumentContext::expression() {
  return getRuleContext<RnncParser::ExpressionContext>(0);
}

RnncParser::IdentifierContext* RnncParser::ArgumentContext::identifier() {
  return getRuleContext<RnncParser::IdentifierContext>(0);
}

tree::TerminalNode* RnncParser::ArgumentContext::ASSIGN() {
  return getToken(RnncParser::ASSIGN, 0);
}


size_t RnncParser::ArgumentContext::getRuleIndex() const {
  return RnncParser::RuleArgument;
}


RnncParser::ArgumentContext* RnncParser::argument() {
  ArgumentContext *_localctx = _tracker.createInstance<ArgumentContext>(_ctx, getState());
  enterRule(_localctx, 46, RnncParser::RuleArgument);

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(345);
    _errHandler->sync(this);

    switch (getInterpreter<atn::ParserATNSimulator>()->adaptivePredict(_input, 43, _ctx)) {
    case 1: {
      setState(342);
      identifier();
      setState(343);
      match(RnncParser::ASSIGN);
      break;
    }

    }
    setState(347);
    expression(0);
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SubscriptContext ------------------------------------------------------------------

RnncParser::SubscriptContext::SubscriptContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

std::vector<RnncParser::ExpressionContext *> RnncParser::SubscriptContext::expression() {
  return getRuleContexts<RnncParser::ExpressionContext>();
}

RnncParser::ExpressionContext* RnncParser::SubscriptContext::expression(size_t i) {
  return getRuleContext<RnncParser::ExpressionContext>(i);
}

tree::TerminalNode* RnncParser::SubscriptContext::COLON() {
  return getToken(RnncParser::COLON, 0);
}


size_t RnncParser::SubscriptContext::getRuleIndex() const {
  return RnncParser::RuleSubscript;
}


RnncParser::SubscriptContext* RnncParser::subscript() {
  SubscriptContext *_localctx = _tracker.createInstance<SubscriptContext>(_ctx, getState());
  enterRule(_localctx, 48, RnncParser::RuleSubscript);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    setState(360);
    _errHandler->sync(this);
    switch (_input->LA(1)) {
      case RnncParser::NOT:
      case RnncParser::REVERSE:
      case RnncParser::DERIVATIVE:
      case RnncParser::IN:
      case RnncParser::INDEX:
      case RnncParser::ROW:
      case RnncParser::OPEN_PAREN:
      case RnncParser::OPEN_BRACKET:
      case RnncParser::MINUS:
      case RnncParser::NAME:
      case RnncParser::NUMBER: {
        enterOuterAlt(_localctx, 1);
        setState(349);
        expression(0);
        setState(354);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if (_la == RnncParser::COLON) {
          setState(350);
          match(RnncParser::COLON);
          setState(352);
          _errHandler->sync(this);

          _la = _input->LA(1);
          if ((((_la & ~ 0x3fULL) == 0) &&
            ((1ULL << _la) & ((1ULL << RnncParser::NOT)
            | (1ULL << RnncParser::REVERSE)
            | (1ULL << RnncParser::DERIVATIVE)
            | (1ULL << RnncParser::IN)
            | (1ULL << RnncParser::INDEX)
            | (1ULL << RnncParser::ROW)
            | (1ULL << RnncParser::OPEN_PAREN)
            | (1ULL << RnncParser::OPEN_BRACKET)
            | (1ULL << RnncParser::MINUS)
            | (1ULL << RnncParser::NAME)
            | (1ULL << RnncParser::NUMBER))) != 0)) {
            setState(351);
            expression(0);
          }
        }
        break;
      }

      case RnncParser::COLON: {
        enterOuterAlt(_localctx, 2);
        setState(356);
        match(RnncParser::COLON);
        setState(358);
        _errHandler->sync(this);

        _la = _input->LA(1);
        if ((((_la & ~ 0x3fULL) == 0) &&
          ((1ULL << _la) & ((1ULL << RnncParser::NOT)
          | (1ULL << RnncParser::REVERSE)
          | (1ULL << RnncParser::DERIVATIVE)
          | (1ULL << RnncParser::IN)
          | (1ULL << RnncParser::INDEX)
          | (1ULL << RnncParser::ROW)
          | (1ULL << RnncParser::OPEN_PAREN)
          | (1ULL << RnncParser::OPEN_BRACKET)
          | (1ULL << RnncParser::MINUS)
          | (1ULL << RnncParser::NAME)
          | (1ULL << RnncParser::NUMBER))) != 0)) {
          setState(357);
          expression(0);
        }
        break;
      }

    default:
      throw NoViableAltException(this);
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- SeparatorContext ------------------------------------------------------------------

RnncParser::SeparatorContext::SeparatorContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::SeparatorContext::NEWLINE() {
  return getToken(RnncParser::NEWLINE, 0);
}

tree::TerminalNode* RnncParser::SeparatorContext::SEMICOLON() {
  return getToken(RnncParser::SEMICOLON, 0);
}


size_t RnncParser::SeparatorContext::getRuleIndex() const {
  return RnncParser::RuleSeparator;
}


RnncParser::SeparatorContext* RnncParser::separator() {
  SeparatorContext *_localctx = _tracker.createInstance<SeparatorContext>(_ctx, getState());
  enterRule(_localctx, 50, RnncParser::RuleSeparator);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(362);
    _la = _input->LA(1);
    if (!(_la == RnncParser::SEMICOLON

    || _la == RnncParser::NEWLINE)) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

//----------------- IdentifierContext ------------------------------------------------------------------

RnncParser::IdentifierContext::IdentifierContext(ParserRuleContext *parent, size_t invokingState)
  : ParserRuleContext(parent, invokingState) {
}

tree::TerminalNode* RnncParser::IdentifierContext::NAME() {
  return getToken(RnncParser::NAME, 0);
}

tree::TerminalNode* RnncParser::IdentifierContext::DERIVATIVE() {
  return getToken(RnncParser::DERIVATIVE, 0);
}

tree::TerminalNode* RnncParser::IdentifierContext::IN() {
  return getToken(RnncParser::IN, 0);
}

tree::TerminalNode* RnncParser::IdentifierContext::INDEX() {
  return getToken(RnncParser::INDEX, 0);
}

tree::TerminalNode* RnncParser::IdentifierContext::ROW() {
  return getToken(RnncParser::ROW, 0);
}


size_t RnncParser::IdentifierContext::getRuleIndex() const {
  return RnncParser::RuleIdentifier;
}


RnncParser::IdentifierContext* RnncParser::identifier() {
  IdentifierContext *_localctx = _tracker.createInstance<IdentifierContext>(_ctx, getState());
  enterRule(_localctx, 52, RnncParser::RuleIdentifier);
  size_t _la = 0;

  auto onExit = finally([=] {
    exitRule();
  });
  try {
    enterOuterAlt(_localctx, 1);
    setState(364);
    _la = _input->LA(1);
    if (!((((_la & ~ 0x3fULL) == 0) &&
      ((1ULL << _la) & ((1ULL << RnncParser::DERIVATIVE)
      | (1ULL << RnncParser::IN)
      | (1ULL << RnncParser::INDEX)
      | (1ULL << RnncParser::ROW)
      | (1ULL << RnncParser::NAME))) != 0))) {
    _errHandler->recoverInline(this);
    }
    else {
      _errHandler->reportMatch(this);
      consume();
    }
   
  }
  catch (RecognitionException &e) {
    _errHandler->reportError(this, e);
    _localctx->exception = std::current_exception();
    _errHandler->recover(this, _localctx->exception);
  }

  return _localctx;
}

bool RnncParser::sempred(RuleContext *context, size_t ruleIndex, size_t predicateIndex) {
  switch (ruleIndex) {
    case 21: return expressionSempred(dynamic_cast<ExpressionContext *>(context), predicateIndex);

  default:
    break;
  }
  return true;
}

bool RnncParser::expressionSempred(ExpressionContext *_localctx, size_t predicateIndex) {
  switch (predicateIndex) {
    case 0: return precpred(_ctx, 8);
    case 1: return precpred(_ctx, 6);
    case 2: return precpred(_ctx, 5);
    case 3: return precpred(_ctx, 4);
    case 4: return precpred(_ctx, 2);
    case 5: return precpred(_ctx, 1);
    case 6: return precpred(_ctx, 13);
    case 7: return precpred(_ctx, 12);
    case 8: return precpred(_ctx, 11);
    case 9: return precpred(_ctx, 10);

  default:
    break;
  }
  return true;
}

// Static vars and initialization.
std::vector<dfa::DFA> RnncParser::_decisionToDFA;
atn::PredictionContextCache RnncParser::_sharedContextCache;

// We own the ATN which in turn owns the ATN states.
atn::ATN RnncParser::_atn;
std::vector<uint16_t> RnncParser::_serializedATN;

std::vector<std::string> RnncParser::_ruleNames = {
  "file", "fileItem", "topLevel", "importDeclaration", "constant", "function", 
  "unit", "dimension", "block", "member", "plainMember", "misplaced", "declaration", 
  "declarationItem", "shape", "qualifier", "output", "outputItem", "loss", 
  "loop", "equation", "expression", "primary", "argument", "subscript", 
  "separator", "identifier"
};

std::vector<std::string> RnncParser::_literalNames = {
  "", "'import'", "'const'", "'fn'", "'cell'", "'model'", "'input'", "'target'", 
  "'state'", "'param'", "'output'", "'loss'", "'for'", "'and'", "'or'", 
  "'not'", "'reverse'", "'per'", "'over'", "'derivative'", "'in'", "'index'", 
  "'row'", "'('", "')'", "'['", "']'", "'{'", "'}'", "','", "';'", "':'", 
  "'='", "'..'", "'.'", "'+'", "'-'", "'*'", "'/'", "'%'", "'@'", "'^'", 
  "'<'", "'<='", "'>'", "'>='", "'=='", "'!='", "'''"
};

std::vector<std::string> RnncParser::_symbolicNames = {
  "", "IMPORT", "CONST", "FN", "CELL", "MODEL", "INPUT", "TARGET", "STATE", 
  "PARAM", "OUTPUT", "LOSS", "FOR", "AND", "OR", "NOT", "REVERSE", "PER", 
  "OVER", "DERIVATIVE", "IN", "INDEX", "ROW", "OPEN_PAREN", "CLOSE_PAREN", 
  "OPEN_BRACKET", "CLOSE_BRACKET", "OPEN_BRACE", "CLOSE_BRACE", "COMMA", 
  "SEMICOLON", "COLON", "ASSIGN", "DOTS", "DOT", "PLUS", "MINUS", "STAR", 
  "SLASH", "PERCENT", "AT", "POWER", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL", 
  "EQUAL", "NOT_EQUAL", "PRIME", "NAME", "NUMBER", "STRING", "BAD_NUMBER", 
  "OPEN_STRING", "COMMENT", "SPACE", "NEWLINE", "STRAY"
};

dfa::Vocabulary RnncParser::_vocabulary(_literalNames, _symbolicNames);

std::vector<std::string> RnncParser::_tokenNames;

RnncParser::Initializer::Initializer() {
	for (size_t i = 0; i < _symbolicNames.size(); ++i) {
		std::string name = _vocabulary.getLiteralName(i);
		if (name.empty()) {
			name = _vocabulary.getSymbolicName(i);
		}

		if (name.empty()) {
			_tokenNames.push_back("<INVALID>");
		} else {
      _tokenNames.push_back(name);
    }
	}

  _serializedATN = {
    0x3, 0x608b, 0xa72a, 0x8133, 0xb9ed, 0x417c, 0x3be7, 0x7786, 0x5964, 
    0x3, 0x3b, 0x171, 0x4, 0x2, 0x9, 0x2, 0x4, 0x3, 0x9, 0x3, 0x4, 0x4, 
    0x9, 0x4, 0x4, 0x5, 0x9, 0x5, 0x4, 0x6, 0x9, 0x6, 0x4, 0x7, 0x9, 0x7, 
    0x4, 0x8, 0x9, 0x8, 0x4, 0x9, 0x9, 0x9, 0x4, 0xa, 0x9, 0xa, 0x4, 0xb, 
    0x9, 0xb, 0x4, 0xc, 0x9, 0xc, 0x4, 0xd, 0x9, 0xd, 0x4, 0xe, 0x9, 0xe, 
    0x4, 0xf, 0x9, 0xf, 0x4, 0x10, 0x9, 0x10, 0x4, 0x11, 0x9, 0x11, 0x4, 
    0x12, 0x9, 0x12, 0x4, 0x13, 0x9, 0x13, 0x4, 0x14, 0x9, 0x14, 0x4, 0x15, 
    0x9, 0x15, 0x4, 0x16, 0x9, 0x16, 0x4, 0x17, 0x9, 0x17, 0x4, 0x18, 0x9, 
    0x18, 0x4, 0x19, 0x9, 0x19, 0x4, 0x1a, 0x9, 0x1a, 0x4, 0x1b, 0x9, 0x1b, 
    0x4, 0x1c, 0x9, 0x1c, 0x3, 0x2, 0x3, 0x2, 0x7, 0x2, 0x3b, 0xa, 0x2, 
    0xc, 0x2, 0xe, 0x2, 0x3e, 0xb, 0x2, 0x3, 0x2, 0x3, 0x2, 0x3, 0x3, 0x3, 
    0x3, 0x5, 0x3, 0x44, 0xa, 0x3, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 0x3, 0x4, 
    0x5, 0x4, 0x4a, 0xa, 0x4, 0x3, 0x5, 0x3, 0x5, 0x3, 0x5, 0x3, 0x6, 0x3, 
    0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 0x6, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 
    0x7, 0x3, 0x7, 0x3, 0x7, 0x7, 0x7, 0x5a, 0xa, 0x7, 0xc, 0x7, 0xe, 0x7, 
    0x5d, 0xb, 0x7, 0x3, 0x7, 0x5, 0x7, 0x60, 0xa, 0x7, 0x5, 0x7, 0x62, 
    0xa, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x3, 0x7, 0x7, 0x7, 0x68, 0xa, 
    0x7, 0xc, 0x7, 0xe, 0x7, 0x6b, 0xb, 0x7, 0x3, 0x7, 0x3, 0x7, 0x5, 0x7, 
    0x6f, 0xa, 0x7, 0x3, 0x8, 0x3, 0x8, 0x3, 0x8, 0x3, 0x8, 0x3, 0x8, 0x3, 
    0x8, 0x7, 0x8, 0x77, 0xa, 0x8, 0xc, 0x8, 0xe, 0x8, 0x7a, 0xb, 0x8, 0x3, 
    0x8, 0x5, 0x8, 0x7d, 0xa, 0x8, 0x5, 0x8, 0x7f, 0xa, 0x8, 0x3, 0x8, 0x5, 
    0x8, 0x82, 0xa, 0x8, 0x3, 0x8, 0x3, 0x8, 0x3, 0x9, 0x3, 0x9, 0x3, 0x9, 
    0x5, 0x9, 0x89, 0xa, 0x9, 0x3, 0xa, 0x3, 0xa, 0x3, 0xa, 0x7, 0xa, 0x8e, 
    0xa, 0xa, 0xc, 0xa, 0xe, 0xa, 0x91, 0xb, 0xa, 0x3, 0xa, 0x3, 0xa, 0x3, 
    0xb, 0x3, 0xb, 0x5, 0xb, 0x97, 0xa, 0xb, 0x3, 0xc, 0x3, 0xc, 0x3, 0xc, 
    0x3, 0xc, 0x3, 0xc, 0x5, 0xc, 0x9e, 0xa, 0xc, 0x3, 0xd, 0x3, 0xd, 0x3, 
    0xd, 0x5, 0xd, 0xa3, 0xa, 0xd, 0x3, 0xe, 0x3, 0xe, 0x3, 0xe, 0x5, 0xe, 
    0xa8, 0xa, 0xe, 0x3, 0xe, 0x7, 0xe, 0xab, 0xa, 0xe, 0xc, 0xe, 0xe, 0xe, 
    0xae, 0xb, 0xe, 0x3, 0xe, 0x7, 0xe, 0xb1, 0xa, 0xe, 0xc, 0xe, 0xe, 0xe, 
    0xb4, 0xb, 0xe, 0x3, 0xf, 0x3, 0xf, 0x3, 0xf, 0x5, 0xf, 0xb9, 0xa, 0xf, 
    0x3, 0xf, 0x3, 0xf, 0x5, 0xf, 0xbd, 0xa, 0xf, 0x3, 0x10, 0x3, 0x10, 
    0x3, 0x10, 0x3, 0x10, 0x7, 0x10, 0xc3, 0xa, 0x10, 0xc, 0x10, 0xe, 0x10, 
    0xc6, 0xb, 0x10, 0x3, 0x10, 0x5, 0x10, 0xc9, 0xa, 0x10, 0x5, 0x10, 0xcb, 
    0xa, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 0x10, 0x3, 
    0x10, 0x5, 0x10, 0xd3, 0xa, 0x10, 0x3, 0x11, 0x3, 0x11, 0x3, 0x11, 0x3, 
    0x11, 0x5, 0x11, 0xd9, 0xa, 0x11, 0x3, 0x12, 0x3, 0x12, 0x3, 0x12, 0x3, 
    0x12, 0x7, 0x12, 0xdf, 0xa, 0x12, 0xc, 0x12, 0xe, 0x12, 0xe2, 0xb, 0x12, 
    0x3, 0x13, 0x3, 0x13, 0x3, 0x13, 0x5, 0x13, 0xe7, 0xa, 0x13, 0x3, 0x14, 
    0x3, 0x14, 0x3, 0x14, 0x3, 0x15, 0x3, 0x15, 0x3, 0x15, 0x3, 0x15, 0x3, 
    0x15, 0x3, 0x15, 0x3, 0x15, 0x3, 0x15, 0x3, 0x16, 0x3, 0x16, 0x3, 0x16, 
    0x3, 0x16, 0x3, 0x16, 0x5, 0x16, 0xf9, 0xa, 0x16, 0x3, 0x16, 0x3, 0x16, 
    0x3, 0x16, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 
    0x17, 0x3, 0x17, 0x3, 0x17, 0x5, 0x17, 0x106, 0xa, 0x17, 0x3, 0x17, 
    0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 
    0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 
    0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 
    0x17, 0x3, 0x17, 0x3, 0x17, 0x7, 0x17, 0x11f, 0xa, 0x17, 0xc, 0x17, 
    0xe, 0x17, 0x122, 0xb, 0x17, 0x3, 0x17, 0x5, 0x17, 0x125, 0xa, 0x17, 
    0x5, 0x17, 0x127, 0xa, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 
    0x3, 0x17, 0x3, 0x17, 0x7, 0x17, 0x12f, 0xa, 0x17, 0xc, 0x17, 0xe, 0x17, 
    0x132, 0xb, 0x17, 0x3, 0x17, 0x5, 0x17, 0x135, 0xa, 0x17, 0x3, 0x17, 
    0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x3, 0x17, 0x7, 
    0x17, 0x13e, 0xa, 0x17, 0xc, 0x17, 0xe, 0x17, 0x141, 0xb, 0x17, 0x3, 
    0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 
    0x3, 0x18, 0x3, 0x18, 0x3, 0x18, 0x7, 0x18, 0x14d, 0xa, 0x18, 0xc, 0x18, 
    0xe, 0x18, 0x150, 0xb, 0x18, 0x3, 0x18, 0x5, 0x18, 0x153, 0xa, 0x18, 
    0x3, 0x18, 0x3, 0x18, 0x5, 0x18, 0x157, 0xa, 0x18, 0x3, 0x19, 0x3, 0x19, 
    0x3, 0x19, 0x5, 0x19, 0x15c, 0xa, 0x19, 0x3, 0x19, 0x3, 0x19, 0x3, 0x1a, 
    0x3, 0x1a, 0x3, 0x1a, 0x5, 0x1a, 0x163, 0xa, 0x1a, 0x5, 0x1a, 0x165, 
    0xa, 0x1a, 0x3, 0x1a, 0x3, 0x1a, 0x5, 0x1a, 0x169, 0xa, 0x1a, 0x5, 0x1a, 
    0x16b, 0xa, 0x1a, 0x3, 0x1b, 0x3, 0x1b, 0x3, 0x1c, 0x3, 0x1c, 0x3, 0x1c, 
    0x2, 0x3, 0x2c, 0x1d, 0x2, 0x4, 0x6, 0x8, 0xa, 0xc, 0xe, 0x10, 0x12, 
    0x14, 0x16, 0x18, 0x1a, 0x1c, 0x1e, 0x20, 0x22, 0x24, 0x26, 0x28, 0x2a, 
    0x2c, 0x2e, 0x30, 0x32, 0x34, 0x36, 0x2, 0x9, 0x3, 0x2, 0x6, 0x7, 0x3, 
    0x2, 0x8, 0xb, 0x3, 0x2, 0x27, 0x2a, 0x3, 0x2, 0x25, 0x26, 0x3, 0x2, 
    0x2c, 0x31, 0x4, 0x2, 0x20, 0x20, 0x3a, 0x3a, 0x4, 0x2, 0x15, 0x18, 
    0x33, 0x33, 0x2, 0x197, 0x2, 0x3c, 0x3, 0x2, 0x2, 0x2, 0x4, 0x43, 0x3, 
    0x2, 0x2, 0x2, 0x6, 0x49, 0x3, 0x2, 0x2, 0x2, 0x8, 0x4b, 0x3, 0x2, 0x2, 
    0x2, 0xa, 0x4e, 0x3, 0x2, 0x2, 0x2, 0xc, 0x53, 0x3, 0x2, 0x2, 0x2, 0xe, 
    0x70, 0x3, 0x2, 0x2, 0x2, 0x10, 0x85, 0x3, 0x2, 0x2, 0x2, 0x12, 0x8a, 
    0x3, 0x2, 0x2, 0x2, 0x14, 0x96, 0x3, 0x2, 0x2, 0x2, 0x16, 0x9d, 0x3, 
    0x2, 0x2, 0x2, 0x18, 0xa2, 0x3, 0x2, 0x2, 0x2, 0x1a, 0xa4, 0x3, 0x2, 
    0x2, 0x2, 0x1c, 0xb5, 0x3, 0x2, 0x2, 0x2, 0x1e, 0xd2, 0x3, 0x2, 0x2, 
    0x2, 0x20, 0xd8, 0x3, 0x2, 0x2, 0x2, 0x22, 0xda, 0x3, 0x2, 0x2, 0x2, 
    0x24, 0xe3, 0x3, 0x2, 0x2, 0x2, 0x26, 0xe8, 0x3, 0x2, 0x2, 0x2, 0x28, 
    0xeb, 0x3, 0x2, 0x2, 0x2, 0x2a, 0xf3, 0x3, 0x2, 0x2, 0x2, 0x2c, 0x105, 
    0x3, 0x2, 0x2, 0x2, 0x2e, 0x156, 0x3, 0x2, 0x2, 0x2, 0x30, 0x15b, 0x3, 
    0x2, 0x2, 0x2, 0x32, 0x16a, 0x3, 0x2, 0x2, 0x2, 0x34, 0x16c, 0x3, 0x2, 
    0x2, 0x2, 0x36, 0x16e, 0x3, 0x2, 0x2, 0x2, 0x38, 0x3b, 0x5, 0x34, 0x1b, 
    0x2, 0x39, 0x3b, 0x5, 0x4, 0x3, 0x2, 0x3a, 0x38, 0x3, 0x2, 0x2, 0x2, 
    0x3a, 0x39, 0x3, 0x2, 0x2, 0x2, 0x3b, 0x3e, 0x3, 0x2, 0x2, 0x2, 0x3c, 
    0x3a, 0x3, 0x2, 0x2, 0x2, 0x3c, 0x3d, 0x3, 0x2, 0x2, 0x2, 0x3d, 0x3f, 
    0x3, 0x2, 0x2, 0x2, 0x3e, 0x3c, 0x3, 0x2, 0x2, 0x2, 0x3f, 0x40, 0x7, 
    0x2, 0x2, 0x3, 0x40, 0x3, 0x3, 0x2, 0x2, 0x2, 0x41, 0x44, 0x5, 0x6, 
    0x4, 0x2, 0x42, 0x44, 0x5, 0x16, 0xc, 0x2, 0x43, 0x41, 0x3, 0x2, 0x2, 
    0x2, 0x43, 0x42, 0x3, 0x2, 0x2, 0x2, 0x44, 0x5, 0x3, 0x2, 0x2, 0x2, 
    0x45, 0x4a, 0x5, 0xe, 0x8, 0x2, 0x46, 0x4a, 0x5, 0x8, 0x5, 0x2, 0x47, 
    0x4a, 0x5, 0xc, 0x7, 0x2, 0x48, 0x4a, 0x5, 0xa, 0x6, 0x2, 0x49, 0x45, 
    0x3, 0x2, 0x2, 0x2, 0x49, 0x46, 0x3, 0x2, 0x2, 0x2, 0x49, 0x47, 0x3, 
    0x2, 0x2, 0x2, 0x49, 0x48, 0x3, 0x2, 0x2, 0x2, 0x4a, 0x7, 0x3, 0x2, 
    0x2, 0x2, 0x4b, 0x4c, 0x7, 0x3, 0x2, 0x2, 0x4c, 0x4d, 0x7, 0x35, 0x2, 
    0x2, 0x4d, 0x9, 0x3, 0x2, 0x2, 0x2, 0x4e, 0x4f, 0x7, 0x4, 0x2, 0x2, 
    0x4f, 0x50, 0x5, 0x36, 0x1c, 0x2, 0x50, 0x51, 0x7, 0x22, 0x2, 0x2, 0x51, 
    0x52, 0x5, 0x2c, 0x17, 0x2, 0x52, 0xb, 0x3, 0x2, 0x2, 0x2, 0x53, 0x54, 
    0x7, 0x5, 0x2, 0x2, 0x54, 0x55, 0x5, 0x36, 0x1c, 0x2, 0x55, 0x61, 0x7, 
    0x19, 0x2, 0x2, 0x56, 0x5b, 0x5, 0x36, 0x1c, 0x2, 0x57, 0x58, 0x7, 0x1f, 
    0x2, 0x2, 0x58, 0x5a, 0x5, 0x36, 0x1c, 0x2, 0x59, 0x57, 0x3, 0x2, 0x2, 
    0x2, 0x5a, 0x5d, 0x3, 0x2, 0x2, 0x2, 0x5b, 0x59, 0x3, 0x2, 0x2, 0x2, 
    0x5b, 0x5c, 0x3, 0x2, 0x2, 0x2, 0x5c, 0x5f, 0x3, 0x2, 0x2, 0x2, 0x5d, 
    0x5b, 0x3, 0x2, 0x2, 0x2, 0x5e, 0x60, 0x7, 0x1f, 0x2, 0x2, 0x5f, 0x5e, 
    0x3, 0x2, 0x2, 0x2, 0x5f, 0x60, 0x3, 0x2, 0x2, 0x2, 0x60, 0x62, 0x3, 
    0x2, 0x2, 0x2, 0x61, 0x56, 0x3, 0x2, 0x2, 0x2, 0x61, 0x62, 0x3, 0x2, 
    0x2, 0x2, 0x62, 0x63, 0x3, 0x2, 0x2, 0x2, 0x63, 0x64, 0x7, 0x1a, 0x2, 
    0x2, 0x64, 0x65, 0x7, 0x22, 0x2, 0x2, 0x65, 0x6e, 0x5, 0x2c, 0x17, 0x2, 
    0x66, 0x68, 0x5, 0x34, 0x1b, 0x2, 0x67, 0x66, 0x3, 0x2, 0x2, 0x2, 0x68, 
    0x6b, 0x3, 0x2, 0x2, 0x2, 0x69, 0x67, 0x3, 0x2, 0x2, 0x2, 0x69, 0x6a, 
    0x3, 0x2, 0x2, 0x2, 0x6a, 0x6c, 0x3, 0x2, 0x2, 0x2, 0x6b, 0x69, 0x3, 
    0x2, 0x2, 0x2, 0x6c, 0x6d, 0x7, 0x15, 0x2, 0x2, 0x6d, 0x6f, 0x5, 0x2c, 
    0x17, 0x2, 0x6e, 0x69, 0x3, 0x2, 0x2, 0x2, 0x6e, 0x6f, 0x3, 0x2, 0x2, 
    0x2, 0x6f, 0xd, 0x3, 0x2, 0x2, 0x2, 0x70, 0x71, 0x9, 0x2, 0x2, 0x2, 
    0x71, 0x81, 0x5, 0x36, 0x1c, 0x2, 0x72, 0x7e, 0x7, 0x19, 0x2, 0x2, 0x73, 
    0x78, 0x5, 0x10, 0x9, 0x2, 0x74, 0x75, 0x7, 0x1f, 0x2, 0x2, 0x75, 0x77, 
    0x5, 0x10, 0x9, 0x2, 0x76, 0x74, 0x3, 0x2, 0x2, 0x2, 0x77, 0x7a, 0x3, 
    0x2, 0x2, 0x2, 0x78, 0x76, 0x3, 0x2, 0x2, 0x2, 0x78, 0x79, 0x3, 0x2, 
    0x2, 0x2, 0x79, 0x7c, 0x3, 0x2, 0x2, 0x2, 0x7a, 0x78, 0x3, 0x2, 0x2, 
    0x2, 0x7b, 0x7d, 0x7, 0x1f, 0x2, 0x2, 0x7c, 0x7b, 0x3, 0x2, 0x2, 0x2, 
    0x7c, 0x7d, 0x3, 0x2, 0x2, 0x2, 0x7d, 0x7f, 0x3, 0x2, 0x2, 0x2, 0x7e, 
    0x73, 0x3, 0x2, 0x2, 0x2, 0x7e, 0x7f, 0x3, 0x2, 0x2, 0x2, 0x7f, 0x80, 
    0x3, 0x2, 0x2, 0x2, 0x80, 0x82, 0x7, 0x1a, 0x2, 0x2, 0x81, 0x72, 0x3, 
    0x2, 0x2, 0x2, 0x81, 0x82, 0x3, 0x2, 0x2, 0x2, 0x82, 0x83, 0x3, 0x2, 
    0x2, 0x2, 0x83, 0x84, 0x5, 0x12, 0xa, 0x2, 0x84, 0xf, 0x3, 0x2, 0x2, 
    0x2, 0x85, 0x88, 0x5, 0x36, 0x1c, 0x2, 0x86, 0x87, 0x7, 0x22, 0x2, 0x2, 
    0x87, 0x89, 0x5, 0x2c, 0x17, 0x2, 0x88, 0x86, 0x3, 0x2, 0x2, 0x2, 0x88, 
    0x89, 0x3, 0x2, 0x2, 0x2, 0x89, 0x11, 0x3, 0x2, 0x2, 0x2, 0x8a, 0x8f, 
    0x7, 0x1d, 0x2, 0x2, 0x8b, 0x8e, 0x5, 0x34, 0x1b, 0x2, 0x8c, 0x8e, 0x5, 
    0x14, 0xb, 0x2, 0x8d, 0x8b, 0x3, 0x2, 0x2, 0x2, 0x8d, 0x8c, 0x3, 0x2, 
    0x2, 0x2, 0x8e, 0x91, 0x3, 0x2, 0x2, 0x2, 0x8f, 0x8d, 0x3, 0x2, 0x2, 
    0x2, 0x8f, 0x90, 0x3, 0x2, 0x2, 0x2, 0x90, 0x92, 0x3, 0x2, 0x2, 0x2, 
    0x91, 0x8f, 0x3, 0x2, 0x2, 0x2, 0x92, 0x93, 0x7, 0x1e, 0x2, 0x2, 0x93, 
    0x13, 0x3, 0x2, 0x2, 0x2, 0x94, 0x97, 0x5, 0x16, 0xc, 0x2, 0x95, 0x97, 
    0x5, 0x18, 0xd, 0x2, 0x96, 0x94, 0x3, 0x2, 0x2, 0x2, 0x96, 0x95, 0x3, 
    0x2, 0x2, 0x2, 0x97, 0x15, 0x3, 0x2, 0x2, 0x2, 0x98, 0x9e, 0x5, 0x1a, 
    0xe, 0x2, 0x99, 0x9e, 0x5, 0x22, 0x12, 0x2, 0x9a, 0x9e, 0x5, 0x26, 0x14, 
    0x2, 0x9b, 0x9e, 0x5, 0x28, 0x15, 0x2, 0x9c, 0x9e, 0x5, 0x2a, 0x16, 
    0x2, 0x9d, 0x98, 0x3, 0x2, 0x2, 0x2, 0x9d, 0x99, 0x3, 0x2, 0x2, 0x2, 
    0x9d, 0x9a, 0x3, 0x2, 0x2, 0x2, 0x9d, 0x9b, 0x3, 0x2, 0x2, 0x2, 0x9d, 
    0x9c, 0x3, 0x2, 0x2, 0x2, 0x9e, 0x17, 0x3, 0x2, 0x2, 0x2, 0x9f, 0xa3, 
    0x5, 0x8, 0x5, 0x2, 0xa0, 0xa3, 0x5, 0xc, 0x7, 0x2, 0xa1, 0xa3, 0x5, 
    0xa, 0x6, 0x2, 0xa2, 0x9f, 0x3, 0x2, 0x2, 0x2, 0xa2, 0xa0, 0x3, 0x2, 
    0x2, 0x2, 0xa2, 0xa1, 0x3, 0x2, 0x2, 0x2, 0xa3, 0x19, 0x3, 0x2, 0x2, 
    0x2, 0xa4, 0xa5, 0x9, 0x3, 0x2, 0x2, 0xa5, 0xac, 0x5, 0x1c, 0xf, 0x2, 
    0xa6, 0xa8, 0x7, 0x1f, 0x2, 0x2, 0xa7, 0xa6, 0x3, 0x2, 0x2, 0x2, 0xa7, 
    0xa8, 0x3, 0x2, 0x2, 0x2, 0xa8, 0xa9, 0x3, 0x2, 0x2, 0x2, 0xa9, 0xab, 
    0x5, 0x1c, 0xf, 0x2, 0xaa, 0xa7, 0x3, 0x2, 0x2, 0x2, 0xab, 0xae, 0x3, 
    0x2, 0x2, 0x2, 0xac, 0xaa, 0x3, 0x2, 0x2, 0x2, 0xac, 0xad, 0x3, 0x2, 
    0x2, 0x2, 0xad, 0xb2, 0x3, 0x2, 0x2, 0x2, 0xae, 0xac, 0x3, 0x2, 0x2, 
    0x2, 0xaf, 0xb1, 0x5, 0x20, 0x11, 0x2, 0xb0, 0xaf, 0x3, 0x2, 0x2, 0x2, 
    0xb1, 0xb4, 0x3, 0x2, 0x2, 0x2, 0xb2, 0xb0, 0x3, 0x2, 0x2, 0x2, 0xb2, 
    0xb3, 0x3, 0x2, 0x2, 0x2, 0xb3, 0x1b, 0x3, 0x2, 0x2, 0x2, 0xb4, 0xb2, 
    0x3, 0x2, 0x2, 0x2, 0xb5, 0xb8, 0x5, 0x36, 0x1c, 0x2, 0xb6, 0xb7, 0x7, 
    0x21, 0x2, 0x2, 0xb7, 0xb9, 0x5, 0x1e, 0x10, 0x2, 0xb8, 0xb6, 0x3, 0x2, 
    0x2, 0x2, 0xb8, 0xb9, 0x3, 0x2, 0x2, 0x2, 0xb9, 0xbc, 0x3, 0x2, 0x2, 
    0x2, 0xba, 0xbb, 0x7, 0x22, 0x2, 0x2, 0xbb, 0xbd, 0x5, 0x2c, 0x17, 0x2, 
    0xbc, 0xba, 0x3, 0x2, 0x2, 0x2, 0xbc, 0xbd, 0x3, 0x2, 0x2, 0x2, 0xbd, 
    0x1d, 0x3, 0x2, 0x2, 0x2, 0xbe, 0xca, 0x7, 0x1b, 0x2, 0x2, 0xbf, 0xc4, 
    0x5, 0x2c, 0x17, 0x2, 0xc0, 0xc1, 0x7, 0x1f, 0x2, 0x2, 0xc1, 0xc3, 0x5, 
    0x2c, 0x17, 0x2, 0xc2, 0xc0, 0x3, 0x2, 0x2, 0x2, 0xc3, 0xc6, 0x3, 0x2, 
    0x2, 0x2, 0xc4, 0xc2, 0x3, 0x2, 0x2, 0x2, 0xc4, 0xc5, 0x3, 0x2, 0x2, 
    0x2, 0xc5, 0xc8, 0x3, 0x2, 0x2, 0x2, 0xc6, 0xc4, 0x3, 0x2, 0x2, 0x2, 
    0xc7, 0xc9, 0x7, 0x1f, 0x2, 0x2, 0xc8, 0xc7, 0x3, 0x2, 0x2, 0x2, 0xc8, 
    0xc9, 0x3, 0x2, 0x2, 0x2, 0xc9, 0xcb, 0x3, 0x2, 0x2, 0x2, 0xca, 0xbf, 
    0x3, 0x2, 0x2, 0x2, 0xca, 0xcb, 0x3, 0x2, 0x2, 0x2, 0xcb, 0xcc, 0x3, 
    0x2, 0x2, 0x2, 0xcc, 0xd3, 0x7, 0x1c, 0x2, 0x2, 0xcd, 0xce, 0x7, 0x17, 
    0x2, 0x2, 0xce, 0xcf, 0x7, 0x19, 0x2, 0x2, 0xcf, 0xd0, 0x5, 0x2c, 0x17, 
    0x2, 0xd0, 0xd1, 0x7, 0x1a, 0x2, 0x2, 0xd1, 0xd3, 0x3, 0x2, 0x2, 0x2, 
    0xd2, 0xbe, 0x3, 0x2, 0x2, 0x2, 0xd2, 0xcd, 0x3, 0x2, 0x2, 0x2, 0xd3, 
    0x1f, 0x3, 0x2, 0x2, 0x2, 0xd4, 0xd5, 0x7, 0x13, 0x2, 0x2, 0xd5, 0xd9, 
    0x7, 0x18, 0x2, 0x2, 0xd6, 0xd7, 0x7, 0x14, 0x2, 0x2, 0xd7, 0xd9, 0x5, 
    0x36, 0x1c, 0x2, 0xd8, 0xd4, 0x3, 0x2, 0x2, 0x2, 0xd8, 0xd6, 0x3, 0x2, 
    0x2, 0x2, 0xd9, 0x21, 0x3, 0x2, 0x2, 0x2, 0xda, 0xdb, 0x7, 0xc, 0x2, 
    0x2, 0xdb, 0xe0, 0x5, 0x24, 0x13, 0x2, 0xdc, 0xdd, 0x7, 0x1f, 0x2, 0x2, 
    0xdd, 0xdf, 0x5, 0x24, 0x13, 0x2, 0xde, 0xdc, 0x3, 0x2, 0x2, 0x2, 0xdf, 
    0xe2, 0x3, 0x2, 0x2, 0x2, 0xe0, 0xde, 0x3, 0x2, 0x2, 0x2, 0xe0, 0xe1, 
    0x3, 0x2, 0x2, 0x2, 0xe1, 0x23, 0x3, 0x2, 0x2, 0x2, 0xe2, 0xe0, 0x3, 
    0x2, 0x2, 0x2, 0xe3, 0xe6, 0x5, 0x36, 0x1c, 0x2, 0xe4, 0xe5, 0x7, 0x22, 
    0x2, 0x2, 0xe5, 0xe7, 0x5, 0x2c, 0x17, 0x2, 0xe6, 0xe4, 0x3, 0x2, 0x2, 
    0x2, 0xe6, 0xe7, 0x3, 0x2, 0x2, 0x2, 0xe7, 0x25, 0x3, 0x2, 0x2, 0x2, 
    0xe8, 0xe9, 0x7, 0xd, 0x2, 0x2, 0xe9, 0xea, 0x5, 0x2c, 0x17, 0x2, 0xea, 
    0x27, 0x3, 0x2, 0x2, 0x2, 0xeb, 0xec, 0x7, 0xe, 0x2, 0x2, 0xec, 0xed, 
    0x5, 0x36, 0x1c, 0x2, 0xed, 0xee, 0x7, 0x16, 0x2, 0x2, 0xee, 0xef, 0x5, 
    0x2c, 0x17, 0x2, 0xef, 0xf0, 0x7, 0x23, 0x2, 0x2, 0xf0, 0xf1, 0x5, 0x2c, 
    0x17, 0x2, 0xf1, 0xf2, 0x5, 0x12, 0xa, 0x2, 0xf2, 0x29, 0x3, 0x2, 0x2, 
    0x2, 0xf3, 0xf8, 0x5, 0x36, 0x1c, 0x2, 0xf4, 0xf5, 0x7, 0x1b, 0x2, 0x2, 
    0xf5, 0xf6, 0x5, 0x2c, 0x17, 0x2, 0xf6, 0xf7, 0x7, 0x1c, 0x2, 0x2, 0xf7, 
    0xf9, 0x3, 0x2, 0x2, 0x2, 0xf8, 0xf4, 0x3, 0x2, 0x2, 0x2, 0xf8, 0xf9, 
    0x3, 0x2, 0x2, 0x2, 0xf9, 0xfa, 0x3, 0x2, 0x2, 0x2, 0xfa, 0xfb, 0x7, 
    0x22, 0x2, 0x2, 0xfb, 0xfc, 0x5, 0x2c, 0x17, 0x2, 0xfc, 0x2b, 0x3, 0x2, 
    0x2, 0x2, 0xfd, 0xfe, 0x8, 0x17, 0x1, 0x2, 0xfe, 0x106, 0x5, 0x2e, 0x18, 
    0x2, 0xff, 0x100, 0x7, 0x12, 0x2, 0x2, 0x100, 0x106, 0x5, 0x2c, 0x17, 
    0xb, 0x101, 0x102, 0x7, 0x26, 0x2, 0x2, 0x102, 0x106, 0x5, 0x2c, 0x17, 
    0x9, 0x103, 0x104, 0x7, 0x11, 0x2, 0x2, 0x104, 0x106, 0x5, 0x2c, 0x17, 
    0x5, 0x105, 0xfd, 0x3, 0x2, 0x2, 0x2, 0x105, 0xff, 0x3, 0x2, 0x2, 0x2, 
    0x105, 0x101, 0x3, 0x2, 0x2, 0x2, 0x105, 0x103, 0x3, 0x2, 0x2, 0x2, 
    0x106, 0x13f, 0x3, 0x2, 0x2, 0x2, 0x107, 0x108, 0xc, 0xa, 0x2, 0x2, 
    0x108, 0x109, 0x7, 0x2b, 0x2, 0x2, 0x109, 0x13e, 0x5, 0x2c, 0x17, 0xa, 
    0x10a, 0x10b, 0xc, 0x8, 0x2, 0x2, 0x10b, 0x10c, 0x9, 0x4, 0x2, 0x2, 
    0x10c, 0x13e, 0x5, 0x2c, 0x17, 0x9, 0x10d, 0x10e, 0xc, 0x7, 0x2, 0x2, 
    0x10e, 0x10f, 0x9, 0x5, 0x2, 0x2, 0x10f, 0x13e, 0x5, 0x2c, 0x17, 0x8, 
    0x110, 0x111, 0xc, 0x6, 0x2, 0x2, 0x111, 0x112, 0x9, 0x6, 0x2, 0x2, 
    0x112, 0x13e, 0x5, 0x2c, 0x17, 0x7, 0x113, 0x114, 0xc, 0x4, 0x2, 0x2, 
    0x114, 0x115, 0x7, 0xf, 0x2, 0x2, 0x115, 0x13e, 0x5, 0x2c, 0x17, 0x5, 
    0x116, 0x117, 0xc, 0x3, 0x2, 0x2, 0x117, 0x118, 0x7, 0x10, 0x2, 0x2, 
    0x118, 0x13e, 0x5, 0x2c, 0x17, 0x4, 0x119, 0x11a, 0xc, 0xf, 0x2, 0x2, 
    0x11a, 0x126, 0x7, 0x19, 0x2, 0x2, 0x11b, 0x120, 0x5, 0x30, 0x19, 0x2, 
    0x11c, 0x11d, 0x7, 0x1f, 0x2, 0x2, 0x11d, 0x11f, 0x5, 0x30, 0x19, 0x2, 
    0x11e, 0x11c, 0x3, 0x2, 0x2, 0x2, 0x11f, 0x122, 0x3, 0x2, 0x2, 0x2, 
    0x120, 0x11e, 0x3, 0x2, 0x2, 0x2, 0x120, 0x121, 0x3, 0x2, 0x2, 0x2, 
    0x121, 0x124, 0x3, 0x2, 0x2, 0x2, 0x122, 0x120, 0x3, 0x2, 0x2, 0x2, 
    0x123, 0x125, 0x7, 0x1f, 0x2, 0x2, 0x124, 0x123, 0x3, 0x2, 0x2, 0x2, 
    0x124, 0x125, 0x3, 0x2, 0x2, 0x2, 0x125, 0x127, 0x3, 0x2, 0x2, 0x2, 
    0x126, 0x11b, 0x3, 0x2, 0x2, 0x2, 0x126, 0x127, 0x3, 0x2, 0x2, 0x2, 
    0x127, 0x128, 0x3, 0x2, 0x2, 0x2, 0x128, 0x13e, 0x7, 0x1a, 0x2, 0x2, 
    0x129, 0x12a, 0xc, 0xe, 0x2, 0x2, 0x12a, 0x12b, 0x7, 0x1b, 0x2, 0x2, 
    0x12b, 0x130, 0x5, 0x32, 0x1a, 0x2, 0x12c, 0x12d, 0x7, 0x1f, 0x2, 0x2, 
    0x12d, 0x12f, 0x5, 0x32, 0x1a, 0x2, 0x12e, 0x12c, 0x3, 0x2, 0x2, 0x2, 
    0x12f, 0x132, 0x3, 0x2, 0x2, 0x2, 0x130, 0x12e, 0x3, 0x2, 0x2, 0x2, 
    0x130, 0x131, 0x3, 0x2, 0x2, 0x2, 0x131, 0x134, 0x3, 0x2, 0x2, 0x2, 
    0x132, 0x130, 0x3, 0x2, 0x2, 0x2, 0x133, 0x135, 0x7, 0x1f, 0x2, 0x2, 
    0x134, 0x133, 0x3, 0x2, 0x2, 0x2, 0x134, 0x135, 0x3, 0x2, 0x2, 0x2, 
    0x135, 0x136, 0x3, 0x2, 0x2, 0x2, 0x136, 0x137, 0x7, 0x1c, 0x2, 0x2, 
    0x137, 0x13e, 0x3, 0x2, 0x2, 0x2, 0x138, 0x139, 0xc, 0xd, 0x2, 0x2, 
    0x139, 0x13a, 0x7, 0x24, 0x2, 0x2, 0x13a, 0x13e, 0x5, 0x36, 0x1c, 0x2, 
    0x13b, 0x13c, 0xc, 0xc, 0x2, 0x2, 0x13c, 0x13e, 0x7, 0x32, 0x2, 0x2, 
    0x13d, 0x107, 0x3, 0x2, 0x2, 0x2, 0x13d, 0x10a, 0x3, 0x2, 0x2, 0x2, 
    0x13d, 0x10d, 0x3, 0x2, 0x2, 0x2, 0x13d, 0x110, 0x3, 0x2, 0x2, 0x2, 
    0x13d, 0x113, 0x3, 0x2, 0x2, 0x2, 0x13d, 0x116, 0x3, 0x2, 0x2, 0x2, 
    0x13d, 0x119, 0x3, 0x2, 0x2, 0x2, 0x13d, 0x129, 0x3, 0x2, 0x2, 0x2, 
    0x13d, 0x138, 0x3, 0x2, 0x2, 0x2, 0x13d, 0x13b, 0x3, 0x2, 0x2, 0x2, 
    0x13e, 0x141, 0x3, 0x2, 0x2, 0x2, 0x13f, 0x13d, 0x3, 0x2, 0x2, 0x2, 
    0x13f, 0x140, 0x3, 0x2, 0x2, 0x2, 0x140, 0x2d, 0x3, 0x2, 0x2, 0x2, 0x141, 
    0x13f, 0x3, 0x2, 0x2, 0x2, 0x142, 0x157, 0x7, 0x34, 0x2, 0x2, 0x143, 
    0x157, 0x5, 0x36, 0x1c, 0x2, 0x144, 0x145, 0x7, 0x19, 0x2, 0x2, 0x145, 
    0x146, 0x5, 0x2c, 0x17, 0x2, 0x146, 0x147, 0x7, 0x1a, 0x2, 0x2, 0x147, 
    0x157, 0x3, 0x2, 0x2, 0x2, 0x148, 0x149, 0x7, 0x1b, 0x2, 0x2, 0x149, 
    0x14e, 0x5, 0x2c, 0x17, 0x2, 0x14a, 0x14b, 0x7, 0x1f, 0x2, 0x2, 0x14b, 
    0x14d, 0x5, 0x2c, 0x17, 0x2, 0x14c, 0x14a, 0x3, 0x2, 0x2, 0x2, 0x14d, 
    0x150, 0x3, 0x2, 0x2, 0x2, 0x14e, 0x14c, 0x3, 0x2, 0x2, 0x2, 0x14e, 
    0x14f, 0x3, 0x2, 0x2, 0x2, 0x14f, 0x152, 0x3, 0x2, 0x2, 0x2, 0x150, 
    0x14e, 0x3, 0x2, 0x2, 0x2, 0x151, 0x153, 0x7, 0x1f, 0x2, 0x2, 0x152, 
    0x151, 0x3, 0x2, 0x2, 0x2, 0x152, 0x153, 0x3, 0x2, 0x2, 0x2, 0x153, 
    0x154, 0x3, 0x2, 0x2, 0x2, 0x154, 0x155, 0x7, 0x1c, 0x2, 0x2, 0x155, 
    0x157, 0x3, 0x2, 0x2, 0x2, 0x156, 0x142, 0x3, 0x2, 0x2, 0x2, 0x156, 
    0x143, 0x3, 0x2, 0x2, 0x2, 0x156, 0x144, 0x3, 0x2, 0x2, 0x2, 0x156, 
    0x148, 0x3, 0x2, 0x2, 0x2, 0x157, 0x2f, 0x3, 0x2, 0x2, 0x2, 0x158, 0x159, 
    0x5, 0x36, 0x1c, 0x2, 0x159, 0x15a, 0x7, 0x22, 0x2, 0x2, 0x15a, 0x15c, 
    0x3, 0x2, 0x2, 0x2, 0x15b, 0x158, 0x3, 0x2, 0x2, 0x2, 0x15b, 0x15c, 
    0x3, 0x2, 0x2, 0x2, 0x15c, 0x15d, 0x3, 0x2, 0x2, 0x2, 0x15d, 0x15e, 
    0x5, 0x2c, 0x17, 0x2, 0x15e, 0x31, 0x3, 0x2, 0x2, 0x2, 0x15f, 0x164, 
    0x5, 0x2c, 0x17, 0x2, 0x160, 0x162, 0x7, 0x21, 0x2, 0x2, 0x161, 0x163, 
    0x5, 0x2c, 0x17, 0x2, 0x162, 0x161, 0x3, 0x2, 0x2, 0x2, 0x162, 0x163, 
    0x3, 0x2, 0x2, 0x2, 0x163, 0x165, 0x3, 0x2, 0x2, 0x2, 0x164, 0x160, 
    0x3, 0x2, 0x2, 0x2, 0x164, 0x165, 0x3, 0x2, 0x2, 0x2, 0x165, 0x16b, 
    0x3, 0x2, 0x2, 0x2, 0x166, 0x168, 0x7, 0x21, 0x2, 0x2, 0x167, 0x169, 
    0x5, 0x2c, 0x17, 0x2, 0x168, 0x167, 0x3, 0x2, 0x2, 0x2, 0x168, 0x169, 
    0x3, 0x2, 0x2, 0x2, 0x169, 0x16b, 0x3, 0x2, 0x2, 0x2, 0x16a, 0x15f, 
    0x3, 0x2, 0x2, 0x2, 0x16a, 0x166, 0x3, 0x2, 0x2, 0x2, 0x16b, 0x33, 0x3, 
    0x2, 0x2, 0x2, 0x16c, 0x16d, 0x9, 0x7, 0x2, 0x2, 0x16d, 0x35, 0x3, 0x2, 
    0x2, 0x2, 0x16e, 0x16f, 0x9, 0x8, 0x2, 0x2, 0x16f, 0x37, 0x3, 0x2, 0x2, 
    0x2, 0x32, 0x3a, 0x3c, 0x43, 0x49, 0x5b, 0x5f, 0x61, 0x69, 0x6e, 0x78, 
    0x7c, 0x7e, 0x81, 0x88, 0x8d, 0x8f, 0x96, 0x9d, 0xa2, 0xa7, 0xac, 0xb2, 
    0xb8, 0xbc, 0xc4, 0xc8, 0xca, 0xd2, 0xd8, 0xe0, 0xe6, 0xf8, 0x105, 0x120, 
    0x124, 0x126, 0x130, 0x134, 0x13d, 0x13f, 0x14e, 0x152, 0x156, 0x15b, 
    0x162, 0x164, 0x168, 0x16a, 
  };

  atn::ATNDeserializer deserializer;
  _atn = deserializer.deserialize(_serializedATN);

  size_t count = _atn.getNumberOfDecisions();
  _decisionToDFA.reserve(count);
  for (size_t i = 0; i < count; i++) { 
    _decisionToDFA.emplace_back(_atn.getDecisionState(i), i);
  }
}

RnncParser::Initializer RnncParser::_init;
