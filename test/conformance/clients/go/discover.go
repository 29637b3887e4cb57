package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"

	"github.com/stripe/stripe-go/v85"
)

// method is one method of a service and the route that it calls.
type method struct {
	service, name string
	verb          string
	segments      []string
	// For each id in the path: the field of the parameters that holds it; "" is an argument.
	parents []string
}

const key = "sk_test_go"

// recorder keeps the last answer as it came from the server.
type recorder struct {
	http.RoundTripper
	status int
	body   string
}

func recorderOf(old *recorder) recorder {
	return recorder{RoundTripper: old.RoundTripper}
}

func (r *recorder) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	r.status, r.body = response.StatusCode, string(body)
	response.Body = io.NopCloser(bytes.NewReader(body))
	return response, err
}

func newClient(url string, recorder *recorder) (*stripe.Client, stripe.Backend) {
	backend := stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL:               stripe.String(url),
		HTTPClient:        &http.Client{Transport: recorder},
		MaxNetworkRetries: stripe.Int64(0),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
	backends := &stripe.Backends{API: backend, Connect: backend, Uploads: backend, MeterEvents: backend}
	return stripe.NewClient(key, stripe.WithBackends(backends)), backend
}

// probe is a backend that only tells which route a method calls.
type probe struct {
	stripe.Backend
	verb, path string
}

var errProbed = errors.New("probed")

func (p *probe) Call(verb, path, _ string, _ stripe.ParamsContainer, _ stripe.LastResponseSetter) error {
	p.verb, p.path = verb, path
	return errProbed
}

func (p *probe) CallRaw(verb, path, _ string, _ []byte, _ *stripe.Params, _ stripe.LastResponseSetter) error {
	p.verb, p.path = verb, path
	return errProbed
}

func (p *probe) CallMultipart(verb, path, _, _ string, _ *bytes.Buffer, _ *stripe.Params, _ stripe.LastResponseSetter) error {
	p.verb, p.path = verb, path
	return errProbed
}

func (p *probe) CallStreaming(verb, path, _ string, _ stripe.ParamsContainer, _ stripe.StreamingLastResponseSetter) error {
	p.verb, p.path = verb, path
	return errProbed
}

// discover asks every method of every service of /v1 where it would go.
func discover() []method {
	probe := &probe{}
	backends := &stripe.Backends{API: probe, Connect: probe, Uploads: probe, MeterEvents: probe}
	client := reflect.ValueOf(stripe.NewClient("sk_test_probe", stripe.WithBackends(backends))).Elem()
	methods := []method{}
	for i := 0; i < client.NumField(); i++ {
		name := client.Type().Field(i).Name
		if !strings.HasPrefix(name, "V1") {
			continue
		}
		service := client.Field(i)
		for j := 0; j < service.NumMethod(); j++ {
			call := service.Method(j)
			if arguments, ok := probing(call.Type()); ok {
				call.Call(arguments)
				found := method{service: name, name: service.Type().Method(j).Name, verb: probe.verb}
				found.locate(probe.path)
				methods = append(methods, found)
			}
		}
	}
	return methods
}

// probing makes arguments whose ids say where they come from; false for what is no request.
func probing(call reflect.Type) ([]reflect.Value, bool) {
	last := call.NumIn() - 1
	if call.IsVariadic() || last < 1 || !strings.HasSuffix(call.In(last).String(), "Params") {
		return nil, false
	}
	arguments := []reflect.Value{reflect.ValueOf(context.Background())}
	for i := 1; i < last; i++ {
		if call.In(i).Kind() != reflect.String {
			return nil, false
		}
		arguments = append(arguments, reflect.ValueOf("ARGUMENT."))
	}
	params := reflect.New(call.In(last).Elem())
	for i := 0; i < params.Elem().NumField(); i++ {
		field := params.Elem().Type().Field(i)
		if field.Tag.Get("form") == "-" && field.Type == reflect.TypeFor[*string]() {
			params.Elem().Field(i).Set(reflect.ValueOf(stripe.String("PARENT." + field.Name)))
		}
	}
	return append(arguments, params), true
}

func (m *method) locate(path string) {
	for _, segment := range strings.Split(path, "/") {
		kind, parent, isID := strings.Cut(segment, ".")
		if isID && (kind == "ARGUMENT" || kind == "PARENT") {
			m.segments = append(m.segments, "*")
			m.parents = append(m.parents, parent)
		} else {
			m.segments = append(m.segments, segment)
		}
	}
}

// find gives the method of a route and the ids in the path; the one with fewest ids fits best.
func find(methods []method, verb, path string) (*method, []string) {
	var best *method
	var bestIDs []string
	segments := strings.Split(path, "/")
	for i := range methods {
		ids, ok := methods[i].match(verb, segments)
		if ok && (best == nil || len(ids) < len(bestIDs)) {
			best, bestIDs = &methods[i], ids
		}
	}
	return best, bestIDs
}

func (m *method) match(verb string, segments []string) ([]string, bool) {
	if m.verb != verb || len(m.segments) != len(segments) {
		return nil, false
	}
	ids := []string{}
	for i, segment := range m.segments {
		if segment == "*" {
			ids = append(ids, segments[i])
		} else if segment != segments[i] {
			return nil, false
		}
	}
	return ids, true
}
