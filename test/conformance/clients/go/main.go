// The Go SDK behind a line protocol: each line of the input is a request as JSON, and its answer,
// a line of the output, is what the SDK's own typed method for that route has sent and decoded.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"
	"reflect"

	"github.com/stripe/stripe-go/v85"
)

type request struct {
	Method string         `json:"method"`
	Path   string         `json:"path"`
	Params map[string]any `json:"params"`
	// The parameters as they are sent.
	Form string `json:"form"`
}

type answer struct {
	Status  int    `json:"status,omitempty"`
	Body    string `json:"body,omitempty"`
	Failure string `json:"failure,omitempty"`
	// What the SDK is too old for, where the request was made by its method for any request.
	Untyped string `json:"untyped,omitempty"`
}

// tooOld is what this version of the SDK cannot do in a typed way.
type tooOld struct{ error }

func main() {
	recorder := &recorder{}
	client, backend := newClient(os.Args[1], recorder)
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
		err := run(client, methods, wanted)
		untyped := ""
		if old := (tooOld{}); errors.As(err, &old) {
			untyped = err.Error()
			err = runUntyped(backend, wanted)
		}
		if err != nil {
			output.Encode(answer{Failure: err.Error()})
		} else {
			output.Encode(answer{Status: recorder.status, Body: recorder.body, Untyped: untyped})
		}
	}
}

// run calls the method that the SDK has for a route. A refusal by the server is no error.
func run(client *stripe.Client, methods []method, wanted request) error {
	found, ids := find(methods, wanted.Method, wanted.Path)
	if found == nil {
		return tooOld{errors.New("no method")}
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
		return tooOld{err}
	}
	return outcome(call.Call(append(arguments, params)))
}

func runUntyped(backend stripe.Backend, wanted request) error {
	path, content := wanted.Path, wanted.Form
	if wanted.Method != "POST" && content != "" {
		path, content = path+"?"+content, ""
	}
	_, err := backend.(stripe.RawRequestBackend).RawRequest(
		wanted.Method, path, key, content, &stripe.RawParams{})
	return refusalOr(err)
}

func outcome(results []reflect.Value) error {
	last := results[len(results)-1].Interface()
	if list, ok := last.(interface{ Err() error }); ok {
		last = list.Err()
	}
	err, _ := last.(error)
	return refusalOr(err)
}

// refusalOr is nil for a refusal by the server, which the recorder has.
func refusalOr(err error) error {
	var refused *stripe.Error
	if errors.As(err, &refused) {
		return nil
	}
	return err
}
