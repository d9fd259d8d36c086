// The grammar of rnnc's language. The C++ parser made from it is committed under generated/parser; after a change run
//   cmake -P dsl/regenerate_parser.cmake
//
// Two things are settled before the parser sees the tokens (dsl/layout.h), because a context-free rule says them badly:
// a line end that does not end anything (inside ( ) and [ ], after or before a binary operator, `,`, `=`, `:`) is
// dropped, and brackets are balanced. Names of functions, initialisers and dimensions are ordinary NAMEs.
grammar Rnnc;

// The parser sees to it that there is a separator between two items, and between two members.
file
    : (separator | fileItem)* EOF
    ;

// Members outside of units, and top-level items inside them, are read so that they can be reported for what they are.
fileItem
    : topLevel
    | plainMember
    ;

topLevel
    : unit
    | importDeclaration
    | function
    | constant
    ;

importDeclaration
    : 'import' STRING
    ;

constant
    : 'const' identifier '=' expression
    ;

function
    : 'fn' identifier '(' (identifier (',' identifier)* ','?)? ')' '=' expression (separator* 'derivative' expression)?
    ;

unit
    : ('cell' | 'model') identifier ('(' (dimension (',' dimension)* ','?)? ')')? block
    ;

dimension
    : identifier ('=' expression)?
    ;

block
    : '{' (separator | member)* '}'
    ;

member
    : plainMember
    | misplaced
    ;

plainMember
    : declaration
    | output
    | loss
    | loop
    | equation
    ;

misplaced
    : importDeclaration
    | function
    | constant
    ;

// input x, y : [I]        param E : [V, H]   R : [V, H]   b : [V]        state h, c : [H] = h0
// A bare name before a comma shares the shape and the initial value of the item after it.
declaration
    : ('input' | 'target' | 'state' | 'param') declarationItem (','? declarationItem)* qualifier*
    ;

declarationItem
    : identifier (':' shape)? ('=' expression)?
    ;

shape
    : '[' (expression (',' expression)* ','?)? ']'
    | 'index' '(' expression ')'
    ;

qualifier
    : 'per' 'row'
    | 'over' identifier
    ;

output
    : 'output' outputItem (',' outputItem)*
    ;

outputItem
    : identifier ('=' expression)?
    ;

loss
    : 'loss' expression
    ;

loop
    : 'for' identifier 'in' expression '..' expression block
    ;

equation
    : identifier ('[' expression ']')? '=' expression
    ;

// From the tightest binding to the loosest.
expression
    : primary                                                          # atom
    | expression '(' (argument (',' argument)* ','?)? ')'              # call
    | expression '[' subscript (',' subscript)* ','? ']'               # index
    | expression '.' identifier                                        # memberOf
    | expression '\''                                                  # transpose
    | sign = 'reverse' expression                                  # prefix
    | <assoc = right> expression sign = '^' expression             # binary
    | sign = '-' expression                                        # prefix
    | expression sign = ('*' | '/' | '%' | '@') expression         # binary
    | expression sign = ('+' | '-') expression                     # binary
    | expression sign = ('<' | '<=' | '>' | '>=' | '==' | '!=') expression  # binary
    | sign = 'not' expression                                      # prefix
    | expression sign = 'and' expression                           # binary
    | expression sign = 'or' expression                            # binary
    ;

primary
    : NUMBER                                                           # number
    | identifier                                                       # name
    | '(' expression ')'                                               # parenthesised
    | '[' expression (',' expression)* ','? ']'                        # list
    ;

argument
    : (identifier '=')? expression
    ;

subscript
    : expression (':' expression?)?
    | ':' expression?
    ;

separator
    : NEWLINE
    | ';'
    ;

// Words that mean something in one place only stay free as names.
identifier
    : NAME
    | 'derivative'
    | 'in'
    | 'index'
    | 'row'
    ;

IMPORT : 'import';
CONST : 'const';
FN : 'fn';
CELL : 'cell';
MODEL : 'model';
INPUT : 'input';
TARGET : 'target';
STATE : 'state';
PARAM : 'param';
OUTPUT : 'output';
LOSS : 'loss';
FOR : 'for';
AND : 'and';
OR : 'or';
NOT : 'not';
REVERSE : 'reverse';
PER : 'per';
OVER : 'over';

DERIVATIVE : 'derivative';
IN : 'in';
INDEX : 'index';
ROW : 'row';

OPEN_PAREN : '(';
CLOSE_PAREN : ')';
OPEN_BRACKET : '[';
CLOSE_BRACKET : ']';
OPEN_BRACE : '{';
CLOSE_BRACE : '}';
COMMA : ',';
SEMICOLON : ';';
COLON : ':';
ASSIGN : '=';
DOTS : '..';
DOT : '.';
PLUS : '+';
MINUS : '-';
STAR : '*';
SLASH : '/';
PERCENT : '%';
AT : '@';
POWER : '^';
LESS : '<';
LESS_EQUAL : '<=';
GREATER : '>';
GREATER_EQUAL : '>=';
EQUAL : '==';
NOT_EQUAL : '!=';
PRIME : '\'';

NAME : [a-zA-Z_] [a-zA-Z0-9_]*;
NUMBER : DECIMAL EXPONENT?;
STRING : '"' ~["\r\n]* '"';

// What the lexer can name but the language does not have; reported before parsing.
BAD_NUMBER : DECIMAL EXPONENT? [a-zA-Z_] [a-zA-Z0-9_]*;
OPEN_STRING : '"' ~["\r\n]*;

COMMENT : '#' ~[\r\n]* -> channel(HIDDEN);
SPACE : [ \t\u000B\u000C]+ -> skip;
NEWLINE : '\r'? '\n' | '\r';
STRAY : [\u0000-\u0008\u000E-\u001F\u007F]+ | .;  // also any character outside of ASCII, other than in comments and strings

fragment DECIMAL : [0-9]+ ('.' [0-9]+)? | '.' [0-9]+;
fragment EXPONENT : [eE] [+-]? [0-9]+;
