// Package shapes holds ünïcode shapes.
package shapes

import (
	"fmt"
	"net/http"
	. "strings"
	_ "embed"

	yaml "gopkg.in/yaml.v3"
	"example.org/shapes/v2"
)

import "os"

// Limit says how many é fit.
const Limit = 3

const (
	Red Colour = iota
	Green
)

var (
	store   *Store
	first, second = 1, open()
)

// Colour is one of few.
type Colour int

// Names is another name.
type Names = []string

type Handler func(http.ResponseWriter, *http.Request) error

// Stack holds items.
type Stack[T Item] struct {
	Base
	*sync.Mutex
	// Size counts.
	Size  int
	items []T `json:"items"`
	store *Store
}

// Look says how things look.
type Look interface {
	Sized
	Paint(brush Brush) error
}

type Number interface {
	~int | ~float64
}

/* New makes a stack. */
func New[T Item](size int, names ...string) (*Stack[T], error) {
	// The size is checked first.
	stack := &Stack[T]{Size: size}
	other, err := files.Open(names[0])
	copied := make([]int, 0)
	var reader io.Reader = other
	for index, name := range names {
		fmt.Println(index, name)
	}
	if err != nil {
		return nil, fmt.Errorf("ö: %w", err)
	}
	switch value := reader.(type) {
	case *os.File:
		value.Close()
	}
	go run(func(each Item) { each.Touch() })
	defer stack.Unlock()
	return stack, Map[int](copied)
}

// Push puts one on.
func (s *Stack[T]) Push(item T) {
	s.items = append(s.items, item)
	s.store.files.Add(item.Name())
}

func (c Colour) String() string { return "colour" }

func apply(handler Handler, options map[string]Option) Handler { return handler }

func TestPush(t *testing.T) {
	t.Run("é", func(t *testing.T) {})
}

func BenchmarkPush(b *testing.B) {}

func Tested() {}
