package main

import "strconv"

// The bodies that all participants send: a number, a blank, and letters up to the wanted length.
func makeBody(number int64, bytes int) []byte {
	body := make([]byte, 0, bytes+24)
	body = append(strconv.AppendInt(body, number, 10), ' ')
	for len(body) < bytes {
		body = append(body, 'x')
	}
	return body[:bytes]
}

// The number that a body starts with.
func numberOf(body []byte) int64 {
	var number int64
	for _, digit := range body {
		if digit == ' ' {
			break
		}
		number = 10*number + int64(digit-'0')
	}
	return number
}
