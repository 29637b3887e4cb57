package main

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// extras takes parameters that a typed struct has no place for.
type extras interface {
	AddExtra(name, value string)
}

// fill sets the fields of a typed struct of parameters by their names in forms.
func fill(target reflect.Value, values map[string]any, extra extras) error {
	for _, name := range slices.Sorted(maps.Keys(values)) {
		value := values[name]
		err := fillOne(target, name, value)
		if err != nil && value == "" && extra != nil {
			extra.AddExtra(name, "")
			err = nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func fillOne(target reflect.Value, name string, value any) error {
	err := fmt.Errorf("the SDK's %s has no parameter %q", target.Type().Name(), name)
	for i := 0; i < target.NumField(); i++ {
		field := target.Type().Field(i)
		tag, _, _ := strings.Cut(field.Tag.Get("form"), ",")
		if field.Anonymous && tag == "*" {
			if fillOne(target.Field(i), name, value) == nil {
				return nil
			}
		} else if tag == name {
			if err = set(target.Field(i), value); err == nil || setWord(target, field.Name, value) {
				return nil
			}
		}
	}
	return err
}

// setWord sets the flag that stands for a word in a number's place: UpToInf is "inf" of up_to.
func setWord(target reflect.Value, name string, value any) bool {
	word, _ := value.(string)
	if word == "" {
		return false
	}
	flag := target.FieldByName(name + strings.ToUpper(word[:1]) + word[1:])
	return flag.IsValid() && set(flag, "true") == nil
}

func set(target reflect.Value, value any) error {
	switch target.Kind() {
	case reflect.Pointer:
		made := reflect.New(target.Type().Elem())
		if err := set(made.Elem(), value); err != nil {
			return err
		}
		target.Set(made)
		return nil
	case reflect.Struct:
		if fields, ok := value.(map[string]any); ok {
			return fill(target, fields, nil)
		}
	case reflect.Slice:
		return setSlice(target, value)
	case reflect.Map:
		return setMap(target, value)
	default:
		if text, ok := value.(string); ok {
			return setText(target, text)
		}
	}
	return fmt.Errorf("the SDK has no place for %v in a %s", value, target.Type())
}

func setSlice(target reflect.Value, value any) error {
	elements, ok := value.([]any)
	if !ok {
		return fmt.Errorf("the SDK takes a list, not %v", value)
	}
	for _, element := range elements {
		made := reflect.New(target.Type().Elem()).Elem()
		if err := set(made, element); err != nil {
			return err
		}
		target.Set(reflect.Append(target, made))
	}
	return nil
}

func setMap(target reflect.Value, value any) error {
	entries, ok := value.(map[string]any)
	if !ok {
		return fmt.Errorf("the SDK takes a hash, not %v", value)
	}
	target.Set(reflect.MakeMap(target.Type()))
	for key, entry := range entries {
		made := reflect.New(target.Type().Elem()).Elem()
		if err := set(made, entry); err != nil {
			return err
		}
		target.SetMapIndex(reflect.ValueOf(key), made)
	}
	return nil
}

func setText(target reflect.Value, text string) (err error) {
	switch target.Kind() {
	case reflect.String:
		target.SetString(text)
	case reflect.Bool:
		var value bool
		value, err = strconv.ParseBool(text)
		target.SetBool(value)
	case reflect.Int64:
		var value int64
		value, err = strconv.ParseInt(text, 10, 64)
		target.SetInt(value)
	case reflect.Float64:
		var value float64
		value, err = strconv.ParseFloat(text, 64)
		target.SetFloat(value)
	default:
		err = fmt.Errorf("the SDK has no place for %q in a %s", text, target.Type())
	}
	return err
}
