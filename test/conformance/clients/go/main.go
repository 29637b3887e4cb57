// The Go SDK behind a line protocol: each line of the input is a request as JSON, and its answer,
// a line of the output, is what the SDK's own typed method for that route has sent and decoded.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"reflect"

	"github.com/stripe/stripe-go/v85"
)

type request struct {
	Method string         `json:"method"`
	Path   string         `json:"path"`
	Params map[string]any `json:"params"`
}

type answer struct {
	Status  int    `json:"status,omitempty"`
	Body    string `json:"body,omitempty"`
	Failure string `json:"failure,omitempty"`
}

func main() {
	recorder := &recorder{}
	client := newClient(os.Args[1], recorder)
	methods := discover()
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	output := json.NewEncoder(os.Stdout)
	for lines.Scan() {
		var wanted request
		if err := json.Unmarshal(lines.Bytes(), &wanted); err != nil {
			panic(err)
		}
		*recorder = recorderOf(recorder)
		if err := run(client, methods, wanted); err != nil {
			output.Encode(answer{Failure: err.Error()})
		} else {
			output.Encode(answer{Status: recorder.status, Body: recorder.body})
		}
	}
}

// run calls the method that the SDK has for a route. A refusal by the server is no error.
func run(client *stripe.Client, methods []method, wanted request) error {
	found, ids := find(methods, wanted.Method, wanted.Path)
	if found == nil {
		return fmt.Errorf("the SDK has no method for %s %s", wanted.Method, wanted.Path)
	}
	service := reflect.ValueOf(client).Elem().FieldByName(found.service)
	call := service.MethodByName(found.name)
	arguments := []reflect.Value{reflect.ValueOf(context.Background())}
	params := reflect.New(call.Type().In(call.Type().NumIn() - 1).Elem())
	for index, id := range ids {
		if parent := found.parents[index]; parent != "" {
			params.Elem().FieldByName(parent).Set(reflect.ValueOf(&id))
		} else {
			arguments = append(arguments, reflect.ValueOf(id))
		}
	}
	extra, _ := params.Interface().(extras)
	if err := fill(params.Elem(), wanted.Params, extra); err != nil {
		return err
	}
	return outcome(call.Call(append(arguments, params)))
}

func outcome(results []reflect.Value) error {
	last := results[len(results)-1].Interface()
	if list, ok := last.(interface{ Err() error }); ok {
		last = list.Err()
	}
	err, _ := last.(error)
	var refused *stripe.Error
	if errors.As(err, &refused) {
		return nil
	}
	return err
}
